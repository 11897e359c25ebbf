"""The page of a round: who may look, who may act, what is asked for, and what stays behind."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from measures.domain import rounds
from measures.domain.entries import EvidenceInput
from measures.domain.errors import DomainError
from measures.enums import Period, Role, RoundState, Status
from measures.models import AuditEvent, Plan, ProgressEntry, Round, StoredSnapshot, WorkItem
from tests import factories
from tests.factories import World

PROOF = [EvidenceInput("ประกาศ", "https://www.example.go.th/1")]
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def clerk(as_role: Callable[[Role], Client]) -> Client:
    return as_role(Role.CLERK)


def page_url(plan: Plan, query: str = "?round=1") -> str:
    return reverse("round", args=(plan.agency.slug, plan.year)) + query


def act_url(plan: Plan, act: str, number: int = 1) -> str:
    return reverse(f"round_{act}", args=(plan.agency.slug, plan.year, number))


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def state(plan: Plan, number: int = 1) -> str:
    return factories.round_of(plan, number).state


def report_all(world: World) -> None:
    for item in (world.item, world.second_item):
        factories.make_entry(item, evidence=PROOF)


@pytest.mark.parametrize("role", [Role.HEAD, Role.EXECUTIVE, Role.AUDITOR, Role.ADMIN])
def test_readers_see_the_page_without_a_button(world: World, as_role: Callable[[Role], Client], role: Role) -> None:
    for now in RoundState:
        world.plan.rounds.filter(number=1).update(state=now)
        page = as_role(role).get(page_url(world.plan))
        assert page.status_code == 200
        assert "/close/" not in page.content.decode()
        assert "/open/" not in page.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLERK])
@pytest.mark.parametrize("act", ["close", "open"])
def test_only_the_clerk_acts(world: World, as_role: Callable[[Role], Client], role: Role, act: str) -> None:
    rounds.close_round(actor=None, round_=factories.round_of(world.plan, 2))
    number = 1 if act == "close" else 2
    response = as_role(role).post(act_url(world.plan, act, number), {"reason": "ไม่มีสิทธิ์"})
    assert response.status_code == 403
    assert (state(world.plan), state(world.plan, 2)) == (RoundState.OPEN, RoundState.CLOSED)


def test_the_navigation_leads_overseers_to_the_page(as_role: Callable[[Role], Client], world: World) -> None:
    work = reverse("work", args=(world.agency.slug, world.plan.year))
    for role in Role:
        labels = [item.label for item in as_role(role).get(work).context["shell"].nav]
        expected = role not in (Role.STAFF, Role.PROVINCE)
        assert ("รอบรายงาน" in labels) is expected
        if expected:
            assert labels.index("รอบรายงาน") == labels.index("ภาพรวม") - 1


def test_the_page_says_who_is_silent_worst_first(world: World, clerk: Client) -> None:
    factories.make_entry(world.item, evidence=PROOF)
    page = clerk.get(page_url(world.plan))
    lines = page.context["board"].divisions
    assert [(line.label, line.counts.unreported, bool(line.saved_on)) for line in lines] == [
        ("กองคลัง", 1, False),
        ("สำนักปลัด", 0, True),
    ]
    told = text_of(page)
    assert "รอบที่ ๑ รายงานแล้ว ๑ จาก ๒ รายการ ขาดอีก ๑ รายการ จาก ๑ กอง" in told
    assert "ยังไม่เคยบันทึก" in told


def test_a_gap_leads_to_its_item_in_the_round_with_the_words_marked(world: World, clerk: Client) -> None:
    factories.make_entry(world.item, result=f"ตามคู่มือของ{world.other.short_name}ทุกข้อ", evidence=PROOF)
    html = clerk.get(page_url(world.plan)).content.decode()
    assert f"<q>ตามคู่มือของ<mark>{world.other.short_name}</mark>ทุกข้อ</q>" in html
    assert f'{reverse("work_item", args=(world.agency.slug, world.plan.year, world.item.pk))}?round=1"' in html


def test_typed_markup_is_inert(world: World, clerk: Client) -> None:
    factories.make_entry(world.item, status=Status.DONE, result=f"{SCRIPT} ยังไม่ได้ดำเนินการ {world.other.name}{SCRIPT}")
    clerk.post(act_url(world.plan, "close"), {"reason": SCRIPT})
    html = clerk.get(page_url(world.plan)).content.decode()
    assert html.count("<script") == 2  # htmx and our own
    assert html.count("&lt;script&gt;") >= 3


def test_closing_with_work_left_asks_for_a_reason(world: World, clerk: Client) -> None:
    refused = clerk.post(act_url(world.plan, "close"), {"reason": "  "})
    assert refused.status_code == 422
    assert "ระบุเหตุผล เพื่อเก็บไว้ในบันทึกของรอบ" in text_of(refused)
    assert state(world.plan) == RoundState.OPEN
    closed = clerk.post(act_url(world.plan, "close"), {"reason": "ครบกำหนด\u200bแล้ว"})
    assert closed["Location"] == page_url(world.plan)
    event = AuditEvent.objects.get(action="round.close")
    assert (event.actor_id, event.before, event.after) == (
        world.users[Role.CLERK].pk,
        {"state": "OPEN"},
        {"state": "CLOSED", "reason": "ครบกำหนดแล้ว"},
    )
    told = text_of(clerk.get(page_url(world.plan)))
    assert "รอบที่ ๑ ปิดแล้ว" in told
    assert "ฉบับที่ ๑" in told
    assert "ครบกำหนดแล้ว" in told


def test_closing_a_complete_round_needs_no_reason(world: World, clerk: Client) -> None:
    report_all(world)
    assert "รายงานครบทั้ง ๒ รายการ" in text_of(clerk.get(page_url(world.plan)))
    assert clerk.post(act_url(world.plan, "close")).status_code == 302
    assert AuditEvent.objects.get(action="round.close").after == {"state": "CLOSED"}


def test_a_gap_that_must_be_mended_asks_for_a_reason_and_one_to_check_does_not(world: World, clerk: Client) -> None:
    report_all(world)
    factories.make_entry(world.item, result="เมื่อ ๑ เมษายน ๒๕๖๖", evidence=PROOF, version=1)
    assert not clerk.get(page_url(world.plan)).context["form"].fields["reason"].required
    factories.make_entry(world.item, result="ไม่มีหลักฐาน", version=2)
    assert clerk.post(act_url(world.plan, "close")).status_code == 422


def test_a_reason_too_long_is_refused_with_its_text(world: World, clerk: Client) -> None:
    long = "ก" * (rounds.MAX_REASON + 1)
    refused = clerk.post(act_url(world.plan, "close"), {"reason": long})
    assert refused.status_code == 422
    assert "รับได้ไม่เกิน ๕๐๐ ตัวอักษร" in text_of(refused)
    assert long in refused.content.decode()
    with pytest.raises(DomainError, match="เกิน 500 ตัวอักษร"):
        rounds.close_round(actor=None, round_=factories.round_of(world.plan), reason=long)
    assert state(world.plan) == RoundState.OPEN


def test_reopening_asks_for_a_reason_and_keeps_what_was_frozen(world: World, clerk: Client) -> None:
    factories.make_entry(world.item, result="ก่อนปิด")
    clerk.post(act_url(world.plan, "close"), {"reason": "ครบกำหนด"})
    assert clerk.post(act_url(world.plan, "open"), {"reason": ""}).status_code == 422
    assert state(world.plan) == RoundState.CLOSED
    assert clerk.post(act_url(world.plan, "open"), {"reason": "กองคลังขอแก้"}).status_code == 302
    factories.make_entry(world.item, result="หลังเปิด", version=1)
    clerk.post(act_url(world.plan, "close"), {"reason": "แก้แล้ว"})
    kept = StoredSnapshot.objects.filter(plan=world.plan, period=Period.ROUND1)
    assert ["ก่อนปิด" in str(row.content) for row in kept] == [True, False]
    acts = clerk.get(page_url(world.plan)).context["board"].acts
    assert [(act.label, act.reason) for act in acts] == [
        ("ปิดรอบ", "แก้แล้ว"),
        ("เปิดอีกครั้ง", "กองคลังขอแก้"),
        ("ปิดรอบ", "ครบกำหนด"),
        ("เปิดรอบ", ""),
    ]


def test_a_planned_round_is_opened_without_a_reason(world: World, clerk: Client) -> None:
    world.plan.rounds.filter(number=2).update(state=RoundState.PLANNED)
    assert "รอบนี้ยังไม่เปิด" in text_of(clerk.get(page_url(world.plan, "?round=2")))
    assert clerk.post(act_url(world.plan, "open", 2)).status_code == 302
    assert state(world.plan, 2) == RoundState.OPEN


@pytest.mark.parametrize(
    ("now", "act", "said"),
    [
        (RoundState.CLOSED, "close", "รอบที่ ๑ ปิดไปแล้ว"),
        (RoundState.PLANNED, "close", "รอบที่ ๑ ไม่ได้เปิดอยู่"),
        (RoundState.OPEN, "open", "รอบที่ ๑ เปิดอยู่แล้ว"),
    ],
)
def test_a_stale_page_is_told_what_happened(world: World, clerk: Client, now: RoundState, act: str, said: str) -> None:
    world.plan.rounds.filter(number=1).update(state=now)
    events = AuditEvent.objects.count()
    page = clerk.post(act_url(world.plan, act), {"reason": "จากหน้าที่เปิดค้างไว้"})
    assert page.status_code == 409
    assert said in text_of(page)
    assert (state(world.plan), AuditEvent.objects.count()) == (now, events)


@pytest.mark.parametrize("act", ["close", "open"])
def test_the_address_of_an_act_leads_back_to_the_page(world: World, clerk: Client, act: str) -> None:
    assert clerk.get(act_url(world.plan, act))["Location"] == page_url(world.plan)
    assert state(world.plan) == RoundState.OPEN


@pytest.mark.parametrize("number", [0, 3, 99])
def test_a_round_that_does_not_exist_is_404(world: World, clerk: Client, number: int) -> None:
    assert clerk.post(act_url(world.plan, "close", number), {"reason": "ไม่มี"}).status_code == 404


def test_the_domain_refuses_the_wrong_order_and_an_empty_reason(world: World) -> None:
    stale = factories.round_of(world.plan)
    with pytest.raises(DomainError, match="เปิดอยู่แล้ว"):
        rounds.open_round(actor=None, round_=stale)
    with pytest.raises(DomainError, match="ระบุเหตุผล"):
        rounds.reopen_round(actor=None, round_=stale, reason=" \n")
    rounds.close_round(actor=None, round_=factories.round_of(world.plan))
    with pytest.raises(DomainError, match="ต้องเปิดอีกครั้งโดยระบุเหตุผล"):
        rounds.open_round(actor=None, round_=stale)
    assert Round.objects.get(pk=stale.pk).state == RoundState.CLOSED


def test_a_closed_round_refuses_the_entry_page_until_it_is_opened_again(
    world: World, clerk: Client, as_role: Callable[[Role], Client]
) -> None:
    staff = as_role(Role.STAFF)
    url = reverse("work_item", args=(world.agency.slug, world.plan.year, world.item.pk)) + "?round=1"
    posted = {"version": 0, "status": "DONE", "result": "ทำ", "outcome": ""}
    posted |= {"evidence-TOTAL_FORMS": 0, "evidence-INITIAL_FORMS": 0}
    clerk.post(act_url(world.plan, "close"), {"reason": "ครบกำหนด"})
    assert staff.post(url, posted).status_code == 409
    assert not ProgressEntry.objects.exists()
    clerk.post(act_url(world.plan, "open"), {"reason": "ขอแก้"})
    assert staff.post(url, posted).status_code == 302


def test_files_are_those_of_the_plans_own_forms(world: World, clerk: Client) -> None:
    world.plan.layouts.filter(period=Period.ROUND2).delete()
    exports = clerk.get(page_url(world.plan)).context["exports"]
    scope = (world.agency.slug, world.plan.year, "round1")
    assert [(export.round.number, export.files) for export in exports] == [
        (
            1,
            tuple(
                (label, reverse("report_file", args=(*scope, suffix)))
                for suffix, label in (("pdf", "PDF"), ("xlsx", "Excel"), ("docx", "Word"))
            ),
        )
    ]
    world.plan.layouts.all().delete()
    assert "แผนนี้ไม่มีแบบรายงานประจำรอบของตนเอง" in text_of(clerk.get(page_url(world.plan)))


def test_an_agency_with_arabic_digits_sees_no_thai_ones(world: World, clerk: Client) -> None:
    type(world.agency).objects.filter(pk=world.agency.pk).update(thai_digits=False)
    factories.make_entry(world.item, result="เมื่อ ๑ เมษายน ๒๕๖๖")
    for _ in range(2):
        assert re.findall("[๐-๙]", text_of(clerk.get(page_url(world.plan)))) == []
        clerk.post(act_url(world.plan, "close"), {"reason": "ครบ"}, follow=True)


@pytest.mark.parametrize("items", [1, 300])
def test_the_page_costs_the_same_for_one_item_and_for_many(
    world: World, clerk: Client, django_assert_num_queries: Any, items: int
) -> None:
    round_, measure = factories.round_of(world.plan), factories.make_measure(world.plan)
    rows = WorkItem.objects.bulk_create(
        WorkItem(plan=world.plan, measure=measure, position=100 + number, lead_division=world.own_division)
        for number in range(items)
    )
    ProgressEntry.objects.bulk_create(ProgressEntry(work_item=row, round=round_, status=Status.DONE) for row in rows)
    with django_assert_num_queries(16):
        page = clerk.get(page_url(world.plan))
    assert page.context["board"].counts.total == items + 2


def test_a_plan_without_items_says_so(world: World, clerk: Client) -> None:
    world.plan.work_items.all().delete()
    assert "แผนนี้ยังไม่มีรายการที่ต้องรายงาน" in text_of(clerk.get(page_url(world.plan)))


def test_every_round_of_the_five_agencies_has_its_page(five_plans: dict[str, Plan]) -> None:
    client = Client()
    client.force_login(factories.make_user(Role.ADMIN))
    for plan in five_plans.values():
        for number in (1, 2):
            page = client.get(page_url(plan, f"?round={number}"))
            assert page.status_code == 200, (plan, number)
            assert page.context["board"].counts.total == plan.work_items.count()
