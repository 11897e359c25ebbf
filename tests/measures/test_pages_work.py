"""The work list and the page of an item, asked the way a browser asks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from measures.domain import people, rounds
from measures.domain.entries import EvidenceInput
from measures.enums import Role, Status
from measures.models import Plan, ProgressEntry, WorkItem
from tests import factories
from tests.factories import World

HTMX = {"HX-Request": "true"}
NOBODYS_SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def staff(as_role: Callable[[Role], Client]) -> Client:
    return as_role(Role.STAFF)


def list_url(plan: Plan, query: str = "") -> str:
    return reverse("work", args=(plan.agency.slug, plan.year)) + query


def item_url(item: WorkItem, query: str = "") -> str:
    return reverse("work_item", args=(item.plan.agency.slug, item.plan.year, item.pk)) + query


def posted(version: int = 0, *links: dict[str, str], **values: str) -> dict[str, str]:
    data = {
        "version": str(version),
        "status": "DONE",
        "result": "ทำแล้ว",
        "outcome": "",
        "evidence-TOTAL_FORMS": str(len(links)),
        "evidence-INITIAL_FORMS": "0",
    }
    for number, link in enumerate(links):
        data |= {f"evidence-{number}-{name}": value for name, value in link.items()}
    return data | values


def test_list_shows_ones_own_division_and_all_on_asking(world: World, staff: Client) -> None:
    def shown(query: str) -> list[int]:
        groups = staff.get(list_url(world.plan, query)).context["work"].groups
        return [row.id for group in groups for row in group.rows]

    assert shown("") == [world.item.pk]
    assert shown("?division=all") == [world.item.pk, world.second_item.pk]
    assert shown(f"?division={world.second_division.pk}") == [world.second_item.pk]
    assert shown(f"?division={world.other.divisions.first().pk}") == []
    assert shown(f"?division={'9' * 30}") == [world.item.pk]


def test_filters_stay_in_every_link(world: World, staff: Client) -> None:
    page = staff.get(list_url(world.plan, "?round=2&division=all&q=ประกาศ"))
    assert {"?round=2&division=all&state=unreported&q=" in choice.query for choice in page.context["states"][2:]} == {
        True
    }
    assert f"{item_url(world.item)}?round=2&amp;division=all&amp;q=" in page.content.decode()


def test_search_finds_a_substring_and_tells_when_nothing_is_found(world: World, staff: Client) -> None:
    assert staff.get(list_url(world.plan, "?q=ระกา")).context["work"].shown == 1
    nothing = staff.get(list_url(world.plan, "?q=ไม่มีคำนี้"))
    assert nothing.context["work"].shown == 0
    assert "ไม่มีรายการที่ตรงกับตัวกรอง" in nothing.content.decode()


def test_round_that_does_not_exist_is_404_in_thai(world: World, staff: Client) -> None:
    page = staff.get(list_url(world.plan, "?round=3"))
    assert page.status_code == 404
    assert "แผนนี้ไม่มีรอบที่ 3" in page.content.decode()


def test_saving_writes_the_entry_and_goes_back_to_the_filtered_list(world: World, staff: Client) -> None:
    link = {"url": "https://example.go.th/a", "label": "ประกาศ", "dated": "๓๑/๓/๒๕๖๖"}
    response = staff.post(item_url(world.item, "?round=2&q=ก"), posted(0, link, status="IN_PROGRESS", outcome="ผล"))
    assert (response.status_code, response["Location"]) == (
        302,
        f"{list_url(world.plan)}?round=2&q=%E0%B8%81#item-{world.item.pk}",
    )
    entry = ProgressEntry.objects.get()
    assert (entry.work_item, entry.round.number, entry.version) == (world.item, 2, 1)
    assert (entry.status, entry.result, entry.outcome) == (Status.IN_PROGRESS, "ทำแล้ว", "ผล")
    assert entry.updated_by == world.users[Role.STAFF]
    [evidence] = entry.evidence.all()
    assert (evidence.label, evidence.url, evidence.dated) == ("ประกาศ", "https://example.go.th/a", date(2023, 3, 31))


def test_status_may_be_saved_as_unknown(world: World, staff: Client) -> None:
    staff.post(item_url(world.item), posted(status=""))
    assert ProgressEntry.objects.get().status is None


def test_save_and_next_goes_to_the_next_unfinished_item(world: World, staff: Client) -> None:
    finished = factories.make_item(world.plan)
    factories.make_entry(finished)
    following = factories.make_item(world.plan)
    response = staff.post(item_url(world.item), posted(act="next"))
    assert response["Location"] == item_url(following)
    assert (
        staff.post(item_url(following), posted(act="next"))["Location"] == f"{list_url(world.plan)}#item-{following.pk}"
    )


def test_in_place_edit_answers_with_the_row_and_the_figures(world: World, staff: Client) -> None:
    form = staff.get(item_url(world.item), headers=HTMX)
    assert form.content.decode().strip().startswith(f'<li class="edit" id="item-{world.item.pk}">')
    assert "HX-Request" in form["Vary"]
    saved = staff.post(item_url(world.item), posted(), headers=HTMX)
    html = saved.content.decode()
    assert saved.status_code == 200
    assert html.strip().startswith(f'<li class="row-item" id="item-{world.item.pk}">')
    assert html.count("hx-swap-oob") == 1
    assert 'aria-label="ดำเนินการแล้ว ๑ จาก ๑ รายการ"' in html


def test_in_place_next_opens_the_following_form(world: World, staff: Client) -> None:
    following = factories.make_item(world.plan)
    html = staff.post(item_url(world.item), posted(act="next"), headers=HTMX).content.decode()
    assert f'<li class="edit" id="item-{following.pk}" hx-swap-oob="true">' in html


def test_closing_the_form_gives_the_row_back(world: World, staff: Client) -> None:
    html = staff.get(item_url(world.item, "?row=1"), headers=HTMX).content.decode()
    assert html.strip().startswith(f'<li class="row-item" id="item-{world.item.pk}">')


def test_wrong_field_keeps_what_was_typed(world: World, staff: Client) -> None:
    response = staff.post(item_url(world.item), posted(0, {"url": "ไม่ใช่ลิงก์"}, result="ข้อความที่พิมพ์"))
    html = response.content.decode()
    assert response.status_code == 422
    assert "ข้อความที่พิมพ์" in html
    assert "ลิงก์ต้องขึ้นต้นด้วย https://" in html
    assert not ProgressEntry.objects.exists()


def test_long_text_is_refused_in_thai(world: World, staff: Client) -> None:
    response = staff.post(item_url(world.item), posted(result="ก" * 100_000))
    assert response.status_code == 422
    assert "ข้อความยาว ๑๐๐,๐๐๐ ตัวอักษร รับได้ไม่เกิน ๒๐,๐๐๐ ตัวอักษร" in response.content.decode()
    assert not ProgressEntry.objects.exists()


def test_incomplete_form_is_refused_in_thai(world: World, staff: Client) -> None:
    response = staff.post(item_url(world.item), {"result": "ข้อความ"})
    assert response.status_code == 422
    assert "แบบฟอร์มไม่สมบูรณ์" in response.content.decode()


def test_adding_a_link_keeps_everything_and_saves_nothing(world: World, staff: Client) -> None:
    link = {"url": "https://example.go.th/a", "label": "", "dated": ""}
    response = staff.post(item_url(world.item), posted(0, link, result="ค้างไว้", act="add"))
    evidence = response.context["evidence"]
    assert (response.status_code, evidence.total_form_count()) == (200, 2)
    assert "ค้างไว้" in response.content.decode()
    assert not ProgressEntry.objects.exists()


def test_last_rounds_text_is_copied_below_ones_own(world: World, staff: Client) -> None:
    factories.make_entry(world.item, result="รอบแรกทำแล้ว")
    page = staff.get(item_url(world.item, "?round=2")).content.decode()
    assert "รอบแรกทำแล้ว" in page
    response = staff.post(item_url(world.item, "?round=2"), posted(result="ของใหม่", act="copy_last"))
    assert response.context["form"]["result"].value() == "ของใหม่\nรอบแรกทำแล้ว"


def test_second_writer_sees_both_texts_and_loses_nothing(world: World, staff: Client) -> None:
    theirs = EvidenceInput("ของเขา", "https://theirs.example.go.th")
    factories.make_entry(world.item, result="ข้อความแรก", evidence=[theirs], actor=world.users[Role.HEAD])
    mine = {"url": "https://mine.example.go.th", "label": "ของฉัน"}
    response = staff.post(item_url(world.item), posted(0, mine, result="ข้อความหลัง", status="IN_PROGRESS"))
    html = response.content.decode()
    assert response.status_code == 409
    assert all(text in html for text in ("ข้อความแรก", "ข้อความหลัง", str(world.users[Role.HEAD])))
    assert [form["label"].value() for form in response.context["evidence"].initial_forms] == ["ของเขา", "ของฉัน"]
    assert response.context["form"]["status"].value() == "IN_PROGRESS"
    assert response.context["form"]["version"].value() == 1
    assert ProgressEntry.objects.get().result == "ข้อความแรก"

    both = staff.post(item_url(world.item), posted(1, result="ข้อความหลัง", act="copy_theirs", conflict="1"))
    assert both.context["form"]["result"].value() == "ข้อความหลัง\nข้อความแรก"
    assert "ฉบับที่บันทึกไว้แล้ว" in both.content.decode()
    assert staff.post(item_url(world.item), posted(1, result="รวมแล้ว")).status_code == 302
    assert ProgressEntry.objects.get().result == "รวมแล้ว"


def test_second_writer_may_leave_the_first_text(world: World, staff: Client) -> None:
    factories.make_entry(world.item, result="ข้อความแรก")
    assert staff.post(item_url(world.item), posted(1, result="ของฉัน", act="theirs")).status_code == 302
    assert ProgressEntry.objects.get().result == "ข้อความแรก"


def test_pressing_save_twice_is_no_conflict(world: World, staff: Client) -> None:
    link = {"url": "https://example.go.th", "label": "ประกาศ"}
    answers = [staff.post(item_url(world.item), posted(0, link)).status_code for _ in range(2)]
    assert (answers, ProgressEntry.objects.get().version) == ([302, 302], 1)


def test_closed_round_shows_the_text_and_takes_none(world: World, staff: Client) -> None:
    factories.make_entry(world.item, result="ก่อนปิดรอบ")
    rounds.close_round(actor=None, round_=factories.round_of(world.plan))
    page = staff.get(item_url(world.item, "?round=1"))
    assert "รอบที่ ๑ ปิดรอบแล้ว" in page.content.decode()
    assert "<textarea" not in page.content.decode()
    response = staff.post(item_url(world.item, "?round=1"), posted(1, result="หลังปิดรอบ"))
    html = response.content.decode()
    assert response.status_code == 409
    assert "รอบที่ ๑ ไม่ได้เปิดรับรายงาน" in html
    assert "หลังปิดรอบ" in html
    assert ProgressEntry.objects.get().result == "ก่อนปิดรอบ"


@pytest.mark.parametrize("role", [Role.CLERK, Role.EXECUTIVE, Role.AUDITOR, Role.PROVINCE, Role.ADMIN])
def test_readers_see_the_text_without_a_form(world: World, as_role: Callable[[Role], Client], role: Role) -> None:
    factories.make_entry(world.item, result="ให้อ่าน")
    html = as_role(role).get(item_url(world.item)).content.decode()
    assert "ให้อ่าน" in html
    assert "<textarea" not in html


def test_typed_markup_is_inert_everywhere(world: World, staff: Client) -> None:
    people.add_division(actor=None, agency=world.agency, name=NOBODYS_SCRIPT)
    item = factories.make_item(world.plan, step=NOBODYS_SCRIPT, monitoring=NOBODYS_SCRIPT)
    factories.make_entry(
        item,
        result=f"{NOBODYS_SCRIPT}{{{{ 7|add:7 }}}}{{% debug %}}",
        outcome=NOBODYS_SCRIPT,
        evidence=[EvidenceInput(f'"><img src=x onerror=alert(1)>{NOBODYS_SCRIPT}', 'https://example.go.th/?"><b>')],
    )
    dashboard = reverse("dashboard", args=(world.agency.slug, world.plan.year))
    urls = [item_url(item), item_url(item, "?round=2"), list_url(world.plan, "?q=%22%3E%3Cscript%3E"), dashboard]
    for url in urls:
        html = staff.get(url).content.decode()
        assert html.count("<script") == 2, url  # htmx and our own
        assert "<img" not in html
        assert "onerror=alert(1)>" not in html
        assert "<b>" not in html.split("https://example.go.th/", 1)[-1][:40]


def _with_items(world: World, items: int) -> Any:
    for _ in range(items):
        factories.make_entry(factories.make_item(world.plan), evidence=[EvidenceInput("ก", "https://example.go.th")])


@pytest.mark.parametrize("items", [1, 30])
def test_pages_cost_the_same_for_one_item_and_for_many(
    world: World, staff: Client, django_assert_num_queries: Any, items: int
) -> None:
    _with_items(world, items)
    with django_assert_num_queries(11):
        staff.get(list_url(world.plan))
    with django_assert_num_queries(14):
        staff.get(item_url(world.item))
    with django_assert_num_queries(14):
        staff.get(reverse("dashboard", args=(world.agency.slug, world.plan.year)))
