"""The reads behind the pages: right figures, and the same number of queries for one row and for a thousand."""

from datetime import date
from typing import Any

import pytest

from measures.domain import plans
from measures.enums import RoundState, Status
from measures.models import Agency, Plan, WorkItem
from measures.queries.agencies import agency_rows
from measures.queries.dashboard import agency_dashboard, current_round
from measures.queries.rows import OVERDUE, UNKNOWN, UNREPORTED, Counts
from measures.queries.work import work_detail, work_list
from tests import factories
from tests.factories import World

TODAY = date(2023, 2, 1)
SIZES = [1, 1000]


@pytest.fixture
def mixed(db: None) -> Plan:
    """One item in each state; the OIT item is due on 31 January 2023."""
    plan = factories.make_plan()
    factories.make_oit_deadline(plan.framework, date(2023, 1, 31))
    for status in (*Status, None):
        factories.make_entry(factories.make_item(plan, step=f"ทำ {status}"), status=status)
    factories.make_item(plan, target=plan.framework.oit_items.first())
    return plan


def _list(plan: Plan, **filters: Any) -> Any:
    return work_list(plan=plan, round_=factories.round_of(plan), today=TODAY, **filters)


def _many(items: int) -> Plan:
    plan = factories.make_plan()
    measure = factories.make_measure(plan)
    if items > 1:
        # Rows made at once: what is measured is the reading.
        WorkItem.objects.bulk_create(
            WorkItem(plan=plan, measure=measure, position=position, lead_division=plan.agency.divisions.first())
            for position in range(1, items)
        )
    factories.make_entry(factories.make_item(plan, target=measure))
    return Plan.objects.select_related("agency", "framework").get(pk=plan.pk)


def test_counts_keep_unknown_and_unreported_apart(mixed: Plan) -> None:
    counts = _list(mixed).counts
    assert counts == Counts(not_started=1, in_progress=1, done=1, not_applicable=1, unknown=1, unreported=1, overdue=1)
    assert (counts.total, counts.remaining, counts.percent_done) == (6, 4, 20)


@pytest.mark.parametrize("state", [*Status, UNKNOWN, UNREPORTED])
def test_each_state_is_a_filter(mixed: Plan, state: str) -> None:
    found = _list(mixed, state=state)
    assert [row.state for group in found.groups for row in group.rows] == [state]
    assert found.counts.total == 6


def test_oit_items_are_due_on_the_nacc_day_and_the_others_at_the_rounds_end(mixed: Plan) -> None:
    late = _list(mixed, state=OVERDUE)
    assert [(row.code, row.due) for group in late.groups for row in group.rows] == [("o1", date(2023, 1, 31))]
    rows = [row for group in _list(mixed).groups for row in group.rows if not row.code]
    assert {row.due for row in rows} == {date(2023, 3, 31)}


def test_nothing_is_overdue_in_a_round_that_is_not_open(mixed: Plan) -> None:
    mixed.rounds.update(state=RoundState.CLOSED)
    assert _list(mixed).counts.overdue == 0


def test_items_are_grouped_under_their_indicator_and_sub_indicator(mixed: Plan) -> None:
    assert [(group.heading, group.counts.total) for group in _list(mixed).groups] == [
        ("ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่", 5),
        ("9.1 ข้อมูลพื้นฐาน", 1),
    ]


@pytest.mark.parametrize(
    ("query", "found"), [("ทำ DONE", 1), ("ทํา done", 1), ("ทำ", 6), ("เปิดเผยที่ ๑", 1), ("ไม่มีคำนี้", 0)]
)
def test_search_folds_digits_case_and_spelling(mixed: Plan, query: str, found: int) -> None:
    assert _list(mixed, query=query).shown == found


@pytest.mark.parametrize("query", ["o1", "O1", "01", "๐๑", "o๑"])
def test_search_reads_an_oit_code_in_every_spelling(mixed: Plan, query: str) -> None:
    assert [row.code for group in _list(mixed, query=query).groups for row in group.rows] == ["o1"]


def test_search_takes_wildcards_literally(mixed: Plan) -> None:
    assert _list(mixed, query="%").shown == 0
    assert _list(mixed, query="_").shown == len([s for s in Status if "_" in s])


def test_divisions_narrow_the_list_and_the_counts(world: World) -> None:
    found = _list(world.plan, division_ids=[world.second_division.pk])
    assert [row.id for group in found.groups for row in group.rows] == [world.second_item.pk]
    assert found.counts.total == 1


def test_detail_shows_the_round_before(world: World) -> None:
    factories.make_entry(world.item, result="รอบแรก")
    detail = work_detail(item=world.item, round_=factories.round_of(world.plan, 2), today=TODAY)
    assert detail.last is not None
    assert detail.last.result == "รอบแรก"
    assert detail.entry.version == 0


def test_dashboard_adds_up(world: World) -> None:
    factories.make_entry(world.item)
    board = agency_dashboard(plan=world.plan, today=TODAY)
    assert board.current is not None
    assert board.other is not None
    assert (board.current.round.number, board.other.round.number) == (1, 2)
    assert (board.current.counts.done, board.current.counts.unreported) == (1, 1)
    assert [slice_.label for slice_ in board.current.silent_divisions] == ["กองคลัง"]
    assert sum(slice_.counts.total for slice_ in board.current.by_group) == 2


def test_the_round_in_view_is_the_open_one_of_today(world: World) -> None:
    plan = world.plan
    assert current_round(plan, date(2023, 5, 1)) == factories.round_of(plan, 2)
    assert current_round(plan, date(2030, 1, 1)) == factories.round_of(plan, 1)
    plan.rounds.filter(number=1).update(state=RoundState.CLOSED)
    assert current_round(plan, date(2023, 2, 1)) == factories.round_of(plan, 2)
    assert current_round(plan, TODAY, 3) is None


def test_agency_rows_count_the_round_in_view(world: World, settings: Any) -> None:
    factories.make_entry(world.item)
    here, elsewhere = sorted(agency_rows(agencies=Agency.objects.all(), today=TODAY), key=lambda row: row.slug)[::-1]
    assert (here.items, here.done, here.reported, here.percent_done, here.year) == (2, 1, 1, 50, 2566)
    assert (elsewhere.items, elsewhere.percent_reported) == (1, 0)


def test_an_agency_without_a_plan_has_a_row(db: None) -> None:
    factories.make_agency()
    [row] = agency_rows(agencies=Agency.objects.all(), today=TODAY)
    assert (row.year, row.round, row.items) == (None, None, 0)


@pytest.mark.parametrize("items", SIZES)
def test_the_work_list_costs_the_same_for_one_item_and_a_thousand(
    db: None, django_assert_num_queries: Any, items: int
) -> None:
    plan = _many(items)
    round_ = factories.round_of(plan)
    with django_assert_num_queries(3):
        assert work_list(plan=plan, round_=round_, today=TODAY).counts.total == items


@pytest.mark.parametrize("items", SIZES)
def test_the_dashboard_costs_the_same_for_one_item_and_a_thousand(
    db: None, django_assert_num_queries: Any, items: int
) -> None:
    plan = _many(items)
    with django_assert_num_queries(8):
        board = agency_dashboard(plan=plan, today=TODAY)
    assert board.current is not None
    assert board.current.counts.total == items


@pytest.mark.parametrize("agencies", [1, 20])
def test_the_agency_list_costs_the_same_for_one_and_for_many(
    db: None, django_assert_num_queries: Any, agencies: int
) -> None:
    for _ in range(agencies):
        factories.make_entry(factories.make_item(factories.make_plan(factories.make_agency())))
    with django_assert_num_queries(5):
        assert len(agency_rows(agencies=Agency.objects.all(), today=TODAY)) == agencies


def test_a_work_item_is_found_by_everything_it_says(world: World) -> None:
    issue = plans.add_issue(actor=None, plan=world.plan, label="๑.", text="ประเด็นเรื่องงบประมาณ")
    measure = factories.make_measure(world.plan, text="มาตรการจัดซื้อ", issue=issue)
    item = factories.make_item(world.plan, target=measure, step="เผยแพร่แผน", monitoring="รายงานทุกเดือน")
    for query in ("งบประมาณ", "จัดซื้อ", "เผยแพร่", "ทุกเดือน"):
        found = _list(world.plan, query=query)
        assert [row.id for group in found.groups for row in group.rows] == [item.pk], query
