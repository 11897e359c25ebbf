"""The agency's form: only pictures come in as pictures, wishes reach the snapshot, and every change is audited."""

import hashlib
import io

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from measures import triggers
from measures.domain.errors import DomainError
from measures.domain.report_forms import EMBLEM_SIDE, MAX_UPLOAD, emblem_from, save_report_form, set_memo_number
from measures.domain.rounds import close_round
from measures.enums import Period, Role
from measures.models import AuditEvent, ReportForm
from measures.queries.snapshots import snapshot_for
from measures.snapshot import FormInfo, to_json
from tests.factories import World, round_of
from tests.reports.forms import emblem


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "CMYK")]
)
def test_picture_becomes_a_small_png(kind: str, mode: str) -> None:
    picture = Image.new(mode, (1200, 600))
    file = io.BytesIO()
    picture.save(file, kind, comment=b"secret") if kind == "JPEG" else picture.save(file, kind)
    made = emblem_from(file.getvalue())
    assert made.startswith(b"\x89PNG")
    assert b"secret" not in made
    assert opened(made).size == (EMBLEM_SIDE, EMBLEM_SIDE // 2)
    assert opened(made).mode in ("RGB", "RGBA")
    assert emblem_from(file.getvalue()) == made


def png_of(width: int, height: int) -> bytes:
    """The head of a PNG that says it is so large."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x06\0\0\0"


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (b"GIF89a" + bytes(50), "ต้องเป็นภาพ PNG หรือ JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ต้องเป็นภาพ PNG หรือ JPEG"),
        (b"\xff\xd8\xff\xe0", "ต้องเป็นภาพ PNG หรือ JPEG"),
        (b"\xff\xd8\xff\xe0\x00\x00" * 9, "ต้องเป็นภาพ PNG หรือ JPEG"),
        (png_of(60_000, 60_000), "ใช้ได้ด้านละไม่เกิน 4000 จุด"),
        (png_of(0, 10), "ใช้ได้ด้านละไม่เกิน 4000 จุด"),
        (png_of(10, 10), "เปิดภาพตราไม่ได้"),
        (emblem()[:400], "เปิดภาพตราไม่ได้"),
        (emblem() + bytes(MAX_UPLOAD), "ภาพตราใหญ่เกินไป"),
    ],
)
def test_what_is_no_good_picture_is_refused_in_thai(upload: bytes, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        emblem_from(upload)


def test_wishes_reach_the_snapshot_and_the_trail(world: World) -> None:
    agency, actor = world.plan.agency, world.users[Role.CLERK]
    save_report_form(actor=actor, agency=agency, emblem=emblem(), signatures=True, margins=(20, None, None, 25))
    save_report_form(actor=actor, agency=agency, signatures=True, paper="F4", margins=(20, None, None, 25))
    form = snapshot_for(plan=world.plan, period=Period.PLAN).form
    assert (form.signatures, form.paper, form.margin_top, form.margin_right, form.margin_left) == (
        True,
        "F4",
        20,
        None,
        25,
    )
    assert form.emblem == emblem_from(emblem())
    event = AuditEvent.objects.filter(action="report_form.save").latest("sequence")
    assert (event.before["paper"], event.after["paper"]) == ("", "F4")  # type: ignore[index]
    assert event.after["emblem"] == len(form.emblem)  # type: ignore[index]
    save_report_form(actor=actor, agency=agency, emblem=b"")
    assert snapshot_for(plan=world.plan, period=Period.PLAN).form == FormInfo()
    assert ReportForm.objects.count() == 1


@pytest.mark.parametrize(
    "wishes", [{"paper": "A5"}, {"margins": (9, None, None, None)}, {"margins": (None, 51, 10, 10)}]
)
def test_wish_out_of_bounds_is_refused_by_domain_and_database(world: World, wishes: dict) -> None:
    with pytest.raises(DomainError):
        save_report_form(actor=None, agency=world.plan.agency, **wishes)
    columns = {"paper": wishes["paper"]} if "paper" in wishes else {"margin_top": wishes["margins"][0] or 51}
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportForm.objects.create(agency=world.plan.agency, **columns)


def test_memo_number_belongs_to_a_period_and_may_follow_its_closing(world: World) -> None:
    plan, clerk, period = world.plan, world.users[Role.CLERK], Period.ROUND1
    plan.layouts.get_or_create(period=period, defaults={"position": 50, "layout": "round-progress"})
    stored = close_round(actor=clerk, round_=round_of(plan))
    before = to_json(snapshot_for(plan=plan, period=period))
    set_memo_number(actor=clerk, plan=plan, period=period, number=" มค 72301/9 ")
    after = snapshot_for(plan=plan, period=period)
    assert after.form.memo_number == "มค 72301/9"
    assert to_json(after) == before
    assert hashlib.sha256(before).hexdigest() == stored.sha256
    assert "form" not in stored.content
    assert AuditEvent.objects.get(action="memo_number.set").after == {"memo_number": "มค 72301/9"}


def test_period_without_a_form_takes_no_memo_number(world: World) -> None:
    world.plan.layouts.all().delete()
    with pytest.raises(DomainError, match="ยังไม่ได้กำหนดแบบรายงาน"):
        set_memo_number(actor=None, plan=world.plan, period=Period.ANNUAL, number="๑")


def test_triggers_stand_after_the_migrations(db: None) -> None:
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            standing = {name for (name,) in cursor.fetchall()}
        assert {f"{name}_update" for name, _ in triggers.names() if not name.endswith("_no_replace")} <= standing
