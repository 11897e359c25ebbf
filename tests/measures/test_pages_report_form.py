"""The page of the agency's form: what it saves, what it refuses, who may, and that reports print it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from measures.domain.report_forms import MAX_UPLOAD, emblem_from, save_report_form, set_memo_number
from measures.domain.rounds import close_round
from measures.enums import Period, Role
from measures.models import AuditEvent, Plan, ReportForm
from measures.thai import fold
from tests import factories
from tests.factories import World
from tests.reports.forms import emblem
from tests.reports.reading import pdf_text

BLANK = {"paper": "", "margin_top": "", "margin_right": "", "margin_bottom": "", "margin_left": ""}
MEMOS = {"memo_round1": "ศก 72301/123", "memo_round2": ""}
SCRIPT = b"<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    """The PDFs of closed rounds."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def clerk(as_role: Callable[[Role], Client]) -> Client:
    return as_role(Role.CLERK)


def url(plan: Plan, name: str = "report_form", *more: str) -> str:
    return reverse(name, args=(plan.agency.slug, plan.year, *more))


def picture(content: bytes | None = None, name: str = "emblem.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, emblem() if content is None else content, "image/png")


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def memos(plan: Plan) -> dict[str, str]:
    return dict(plan.layouts.values_list("period", "memo_number"))


def test_everything_is_saved_at_once_and_leads_back_to_the_report(world: World, clerk: Client) -> None:
    posted = {"signatures": "on", "paper": "F4", "margin_top": "๒๕", "margin_right": "15", "margin_bottom": " 20 "}
    posted |= {"margin_left": "", "memo_round1": " ศก  72301/123 ", "memo_round2": "ศก 72301/๔๕๖"}
    saved = clerk.post(url(world.plan) + "?period=round2&layout=round-progress", posted | {"emblem": picture()})
    assert (saved.status_code, saved["Location"]) == (
        302,
        url(world.plan, "report_preview", "round2") + "?layout=round-progress",
    )
    form = ReportForm.objects.get(agency=world.agency)
    assert (form.signatures, form.paper, bytes(form.emblem)) == (True, "F4", emblem_from(emblem()))
    assert (form.margin_top, form.margin_right, form.margin_bottom, form.margin_left) == (25, 15, 20, None)
    assert memos(world.plan) == {"round1": "ศก 72301/123", "round2": "ศก 72301/๔๕๖"}
    assert "บันทึกแบบพิมพ์ของหน่วยงานแล้ว" in text_of(clerk.get(saved["Location"]))
    events = AuditEvent.objects.filter(action__in=["report_form.save", "memo_number.set"])
    assert sorted(events.values_list("action", "actor_label")) == [
        (action, str(world.users[Role.CLERK])) for action in ("memo_number.set", "memo_number.set", "report_form.save")
    ]


def test_the_page_shows_what_stands(world: World, clerk: Client) -> None:
    save_report_form(actor=None, agency=world.agency, signatures=True, paper="A3", margins=(20, None, None, 30))
    set_memo_number(actor=None, plan=world.plan, period=Period.ROUND1, number="ศก 72301/9")
    html = clerk.get(url(world.plan)).content.decode()
    for words in ('value="A3" selected', 'value="๒๐"', 'value="๓๐"', 'value="ศก 72301/9"', "ยังไม่มีตรา"):
        assert words in html
    assert re.search(r'name="signatures"[^>]* checked', html)
    assert f'href="{url(world.plan, "reports")}"' in html


def test_saving_without_a_change_leaves_no_trace(world: World, clerk: Client) -> None:
    posted = BLANK | MEMOS | {"paper": "A3"}
    clerk.post(url(world.plan), posted)
    events = AuditEvent.objects.count()
    assert clerk.post(url(world.plan), posted).status_code == 302
    assert AuditEvent.objects.count() == events


def test_the_emblem_stays_is_shown_and_is_taken_away(world: World, clerk: Client) -> None:
    shown = url(world.plan, "report_emblem")
    assert clerk.get(shown).status_code == 404
    clerk.post(url(world.plan), BLANK | MEMOS | {"emblem": picture()})
    clerk.post(url(world.plan), BLANK | MEMOS)
    answer = clerk.get(shown)
    assert (answer["Content-Type"], answer.content) == ("image/png", emblem_from(emblem()))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert clerk.get(shown, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert f'src="{shown}"' in clerk.get(url(world.plan)).content.decode()
    both = clerk.post(url(world.plan), BLANK | MEMOS | {"emblem": picture(), "remove": "on"})
    assert both.status_code == 422
    assert "เลือกอย่างใดอย่างหนึ่ง" in text_of(both)
    clerk.post(url(world.plan), BLANK | MEMOS | {"remove": "on"})
    assert clerk.get(shown).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SCRIPT, "ต้องเป็นภาพ PNG หรือ JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "ต้องเป็นภาพ PNG หรือ JPEG"),
        (b"\x89PNG\r\n\x1a\n" + SCRIPT, "ต้องเป็นภาพ PNG หรือ JPEG"),
        (emblem()[:400], "เปิดภาพตราไม่ได้"),
        (emblem() + bytes(MAX_UPLOAD), "ใหญ่เกินไป"),
        (b"", "แฟ้มที่เลือกว่างเปล่า"),
    ],
    ids=["script", "svg", "script-with-a-png-head", "half", "oversized", "empty"],
)
def test_a_bad_file_is_refused_beside_its_field_and_the_rest_is_kept(
    world: World, clerk: Client, content: bytes, words: str
) -> None:
    save_report_form(actor=None, agency=world.agency, emblem=emblem())
    events = AuditEvent.objects.count()
    typed = BLANK | {"paper": "F4", "margin_top": "๒๒", "signatures": "on"} | {"memo_round1": "ศก <b>/๙"}
    page = clerk.post(url(world.plan), typed | {"emblem": picture(content)})
    assert page.status_code == 422
    html = page.content.decode()
    assert words in html.partition('id="id_emblem_error"')[2].partition("</div>")[0]
    assert re.search(r'name="emblem"[^>]* aria-invalid="true"[^>]* aria-describedby="[^"]*id_emblem_error', html)
    for kept in ('value="F4" selected', 'value="๒๒"', 'value="ศก &lt;b&gt;/๙"', "ภาพตราต้องเลือกใหม่"):
        assert kept in html
    assert SCRIPT.decode() not in html
    standing = ReportForm.objects.get(agency=world.agency)
    assert (bytes(standing.emblem), standing.paper, memos(world.plan)["round1"]) == (emblem_from(emblem()), "", "")
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("margin_top", "9", "ขอบบนต้องอยู่ระหว่าง ๑๐ ถึง ๕๐ มม."),
        ("margin_left", "๕๑", "ขอบซ้ายต้องอยู่ระหว่าง ๑๐ ถึง ๕๐ มม."),
        ("margin_right", "กว้าง", "ขอบขวาต้องเป็นจำนวนเต็ม"),
        ("margin_bottom", "12.5", "ขอบล่างต้องเป็นจำนวนเต็ม"),
        ("margin_bottom", "9" * 5000, "ขอบล่างต้องเป็นจำนวนเต็ม"),
        ("paper", "A5", "เลือกขนาดกระดาษหนึ่งในรายการนี้"),
        ("memo_round2", "ก" * 101, "รับได้ไม่เกิน ๑๐๐ ตัวอักษร"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_its_text(
    world: World, clerk: Client, name: str, typed: str, words: str
) -> None:
    page = clerk.post(url(world.plan), BLANK | MEMOS | {name: typed})
    html = page.content.decode()
    assert page.status_code == 422
    assert words in html.partition(f'id="id_{name}_error"')[2].partition("</div>")[0]
    assert f'<a href="#id_{name}">' in html
    assert name == "paper" or f'value="{typed}"' in html
    assert not ReportForm.objects.exists()
    assert memos(world.plan) == {"round1": "", "round2": ""}


def test_only_periods_with_a_form_take_a_memo_number(world: World, clerk: Client) -> None:
    world.plan.layouts.filter(period=Period.ROUND2).delete()
    html = clerk.get(url(world.plan)).content.decode()
    assert ('name="memo_round1"' in html, 'name="memo_round2"' in html) == (True, False)
    clerk.post(url(world.plan), BLANK | {"memo_round1": "๑", "memo_round2": "๒", "memo_annual": "๓"})
    assert memos(world.plan) == {"round1": "๑"}
    world.plan.layouts.all().delete()
    assert "แผนนี้ยังไม่ได้กำหนดแบบรายงาน" in text_of(clerk.get(url(world.plan)))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLERK])
def test_nobody_but_the_clerk_saves_or_is_led_here(world: World, as_role: Callable[[Role], Client], role: Role) -> None:
    client = as_role(role)
    assert client.post(url(world.plan), BLANK | MEMOS | {"paper": "A3"}).status_code == 403
    assert url(world.plan) not in client.get(url(world.plan, "reports")).content.decode()
    assert not ReportForm.objects.exists()


def test_another_agency_is_neither_seen_nor_changed(world: World, clerk: Client) -> None:
    save_report_form(actor=None, agency=world.other, emblem=emblem(), paper="A3")
    assert clerk.post(url(world.other_plan), BLANK | MEMOS).status_code == 404
    assert clerk.get(url(world.other_plan, "report_emblem")).status_code == 404
    assert clerk.get(url(world.plan, "report_emblem")).status_code == 404
    clerk.post(url(world.plan), BLANK | MEMOS | {"paper": "F4"})
    assert ReportForm.objects.get(agency=world.other).paper == "A3"


def test_the_report_page_leads_the_clerk_here(world: World, clerk: Client) -> None:
    html = clerk.get(url(world.plan, "report_preview", "round2")).content.decode()
    assert f'href="{url(world.plan)}?period=round2&amp;layout=round-progress"' in html


@pytest.mark.parametrize("query", ["?period=nowhere", "?period=//evil.example", "?layout=x", ""])
def test_an_unknown_way_back_is_the_plans_own_report(world: World, clerk: Client, query: str) -> None:
    assert clerk.post(url(world.plan) + query, BLANK | MEMOS)["Location"] == url(world.plan, "reports")


def test_an_agency_with_arabic_digits_sees_no_thai_ones(world: World, clerk: Client) -> None:
    type(world.agency).objects.filter(pk=world.agency.pk).update(thai_digits=False)
    save_report_form(actor=None, agency=world.agency, margins=(20, 20, 20, 20))
    for page in (clerk.get(url(world.plan)), clerk.post(url(world.plan), BLANK | {"margin_top": "9"})):
        assert re.findall("[๐-๙]", text_of(page)) == []


@pytest.mark.parametrize("closed", [False, True])
def test_the_files_carry_emblem_memo_and_signatures(world: World, clerk: Client, tmp_path: Path, closed: bool) -> None:
    factories.make_entry(world.item)
    if closed:
        close_round(actor=None, round_=factories.round_of(world.plan), reason="ครบกำหนด")
    files = {suffix: url(world.plan, "report_file", "round1", suffix) for suffix in ("html", "pdf")}
    before = clerk.get(files["html"]).content.decode()
    assert ("data:image/png" in before, "ศก" in before, "ลงชื่อ" in before) == (False, False, False)
    clerk.get(files["pdf"])
    clerk.post(url(world.plan), BLANK | MEMOS | {"signatures": "on", "paper": "F4", "emblem": picture()})
    after = clerk.get(files["html"]).content.decode()
    assert 'src="data:image/png;base64,' in after
    assert "ที่ ศก ๗๒๓๐๑/๑๒๓" in after
    assert "ลงชื่อ ....." in after
    content = clerk.get(files["pdf"]).content
    text = fold(pdf_text(content, tmp_path))
    assert fold("ที่ ศก ๗๒๓๐๑/๑๒๓") in text
    assert fold("ลงชื่อ .....") in text
    assert b"/Image" in content
