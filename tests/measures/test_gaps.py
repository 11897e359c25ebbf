"""Gap checks: each finds what it is for, shows the words it found, and leaves the rest alone."""

from typing import Any

import pytest

from measures.domain.entries import EvidenceInput
from measures.enums import Status
from measures.models import Agency, Plan, ProgressEntry, WorkItem
from measures.queries.gaps import CHECKS, Gap, Severity, round_gaps
from measures.queries.passages import AROUND, Excerpt, Names, excerpt
from tests import factories
from tests.factories import World

PROOF = [EvidenceInput("ประกาศ", "https://www.example.go.th/1")]


def gaps_of(plan: Plan, number: int = 1) -> dict[str, Gap]:
    round_ = factories.round_of(plan, number)
    return {gap.key: gap for gap in round_gaps(plan=plan, round_=round_, today=round_.starts)}


def found(plan: Plan, number: int = 1) -> dict[str, list[int]]:
    """The items of every gap that has some."""
    return {key: [hit.row.id for hit in gap.rows] for key, gap in gaps_of(plan, number).items() if gap.rows}


def marks(plan: Plan, key: str) -> list[str]:
    return [hit.excerpt.mark for hit in gaps_of(plan)[key].rows if hit.excerpt]


def write(item: WorkItem, result: str, *, status: Status | None = Status.DONE, number: int = 1, **more: Any) -> None:
    factories.make_entry(item, number=number, status=status, result=result, evidence=PROOF, **more)


def test_a_sound_round_has_no_gaps(world: World) -> None:
    write(world.item, "จัดทำประกาศ ลงวันที่ ๑ ตุลาคม ๒๕๖๕")
    assert found(world.plan) == {}
    assert set(gaps_of(world.plan)) == {check.key for check in CHECKS}


def test_done_without_evidence_is_found(world: World) -> None:
    factories.make_entry(world.item)
    factories.make_entry(world.second_item, status=Status.IN_PROGRESS, result="กำลังทำ")
    assert found(world.plan) == {"no_evidence": [world.item.pk]}


def test_an_item_that_nobody_leads_is_found(world: World) -> None:
    orphan = factories.make_item(world.plan, lead=False)
    assert found(world.plan) == {"no_owner": [orphan.pk]}


@pytest.mark.parametrize(("result", "outcome", "empty"), [("", "", True), (" \n", "", True), ("", "ผล", False)])
def test_an_entry_without_a_word_is_found(world: World, result: str, outcome: str, empty: bool) -> None:
    write(world.item, result, status=None, outcome=outcome)
    assert ("empty" in found(world.plan)) is empty


def test_an_entry_of_null_texts_is_empty_and_no_entry_is_not(world: World) -> None:
    ProgressEntry.objects.create(work_item=world.item, round=factories.round_of(world.plan))
    assert found(world.plan) == {"empty": [world.item.pk]}


def test_a_text_of_the_other_round_is_found_in_both_rounds(world: World) -> None:
    write(world.item, "เผยแพร่ข้อ ๑ ทางเว็บไซต์")
    write(world.item, "เผยแพร่ข้อ 1\nทางเว็บไซต์ ", number=2)
    write(world.second_item, "ไม่เหมือน")
    write(world.second_item, "ไม่เหมือนแล้ว", number=2)
    assert found(world.plan) == found(world.plan, 2) == {"same_text": [world.item.pk]}
    assert gaps_of(world.plan)["same_text"].label == "ข้อความเหมือนรอบที่ 2 ทุกคำ"
    assert gaps_of(world.plan, 2)["same_text"].label == "ข้อความเหมือนรอบที่ 1 ทุกคำ"


def test_two_empty_texts_are_not_the_same_text(world: World) -> None:
    for number in (1, 2):
        write(world.item, "", number=number)
    assert "same_text" not in found(world.plan)


def test_a_date_outside_the_round_is_found(world: World) -> None:
    write(world.item, "อบรมเมื่อวันที่ ๕ ตุลาคม ๒๕๖๕ และ ๑๖ กุมภาพันธ์ พ.ศ. ๒๕๖๗")
    assert found(world.plan) == {"outside_dates": [world.item.pk]}
    assert marks(world.plan, "outside_dates") == ["๑๖ กุมภาพันธ์ พ.ศ. ๒๕๖๗"]


@pytest.mark.parametrize(
    ("status", "text", "mark"),
    [
        (Status.DONE, "ยังไม่ได้ดำเนินการในปีงบประมาณ พ.ศ.๒๕๖๓", "ยังไม่ได้ดำเนินการ"),
        (Status.DONE, "ไม่ได้ ดำเนินการใน ปีงบประมาณ", "ไม่ได้ ดำเนินการ"),
        (Status.NOT_STARTED, "มีการดำเนินการในปีงบประมาณ", "มีการดำเนินการ"),
        (Status.NOT_STARTED, "ได้ดำเนินการแล้ว", "ดำเนินการแล้ว"),
    ],
)
def test_a_word_against_the_status_is_found(world: World, status: Status, text: str, mark: str) -> None:
    write(world.item, text, status=status)
    assert marks(world.plan, "contradiction") == [mark]


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.DONE, "ดำเนินการแล้ว"),
        (Status.NOT_STARTED, "ยังไม่ได้ดำเนินการ"),
        (Status.NOT_STARTED, "ยังไม่มีการดำเนินการ"),
        (Status.NOT_STARTED, "จะดำเนินการแล้วเสร็จในรอบถัดไป"),
        (Status.IN_PROGRESS, "บางส่วนยังไม่ได้ดำเนินการ"),
        (None, "ยังไม่ได้ดำเนินการ"),
    ],
)
def test_a_word_that_fits_the_status_is_no_gap(world: World, status: Status | None, text: str) -> None:
    write(world.item, text, status=status)
    assert found(world.plan) == {}


def test_another_agencys_name_is_found_and_ones_own_is_not(world: World) -> None:
    write(world.item, f"คู่มือของ{world.agency.name} และ {world.agency.short_name}")
    assert found(world.plan) == {}
    write(world.second_item, "เว็บไซต์ของ อบต. elsewhere หลายช่องทาง")
    assert found(world.plan) == {"other_agency": [world.second_item.pk]}
    [hit] = gaps_of(world.plan)["other_agency"].rows
    assert hit.excerpt == Excerpt("เว็บไซต์ของ ", "อบต. elsewhere", " หลายช่องทาง")


def test_another_agencys_name_inside_ones_own_is_no_hit(world: World) -> None:
    factories.make_agency("her")
    Agency.objects.filter(slug="her").update(name="องค์การบริหารส่วนตำบลher", short_name="อบต.her")
    write(world.item, f"ตามประกาศของ{world.agency.name}")
    assert found(world.plan) == {}
    write(world.second_item, "ตามประกาศของ อบต.her")
    assert marks(world.plan, "other_agency") == ["อบต.her"]


def test_the_longest_name_is_the_one_that_is_meant() -> None:
    names = Names(own=["เทศบาลตำบลยาง"], others=["เทศบาลตำบลยางใหญ่", "", "ทต."])
    text = "ของเทศบาลตำบลยางใหญ่ และเทศบาลตำบลยาง ทต."
    assert names.first_foreign(text) == (3, 20)
    assert names.first_foreign("เทศบาลตำบลยางน้อย ทต.") is None


def test_an_excerpt_is_short_and_cuts_no_letter() -> None:
    text = "ที่" * 100 + "คำ" + "เ" * 100
    shown = excerpt(text, 300, 302)
    assert (shown.before[:2], shown.mark, shown.after[-1]) == ("…ท", "คำ", "…")
    assert len(shown.before) <= AROUND + 1
    assert excerpt("สั้น\nมาก", 0, 4) == Excerpt("", "สั้น", " มาก")


def test_gaps_that_are_there_come_first(world: World) -> None:
    write(world.item, "เมื่อ ๑ เมษายน ๒๕๖๖")
    gaps = list(gaps_of(world.plan).values())
    assert (gaps[0].key, gaps[0].severity) == ("outside_dates", Severity.CHECK)
    assert [gap.key for gap in gaps[1:]] == [check.key for check in CHECKS if check.key != "outside_dates"]


@pytest.mark.parametrize("items", [1, 300])
def test_gaps_cost_the_same_for_one_item_and_for_many(world: World, django_assert_num_queries: Any, items: int) -> None:
    round_ = factories.round_of(world.plan)
    measure = factories.make_measure(world.plan)
    rows = [
        WorkItem(plan=world.plan, measure=measure, position=100 + number, lead_division=world.own_division)
        for number in range(items)
    ]
    ProgressEntry.objects.bulk_create(
        ProgressEntry(work_item=row, round=round_, status=Status.DONE, result="อบต.elsewhere เมื่อ ๑ พ.ค. ๖๖")
        for row in WorkItem.objects.bulk_create(rows)
    )
    with django_assert_num_queries(5):
        gaps = {gap.key: gap for gap in round_gaps(plan=world.plan, round_=round_, today=round_.starts)}
    assert {key: len(gap.rows) for key, gap in gaps.items() if gap.rows} == {
        "no_evidence": items,
        "other_agency": items,
        "outside_dates": items,
    }


def test_no_entry_of_the_five_agencies_names_another_agency(five_plans: dict[str, Plan]) -> None:
    for plan in five_plans.values():
        for number in (1, 2):
            assert gaps_of(plan, number)["other_agency"].rows == (), plan.agency.slug


def test_the_five_agencies_show_what_their_documents_lack(five_plans: dict[str, Plan]) -> None:
    counts = {
        slug: {key: len(rows) for key, rows in found(plan).items() if key in ("empty", "outside_dates")}
        for slug, plan in five_plans.items()
    }
    assert counts["yangsisurat"] == {"empty": 1}
    assert counts["arunnikhom"] == counts["bungmai"] == {}
