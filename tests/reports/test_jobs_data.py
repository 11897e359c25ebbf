"""The table of work items: a record an item, real numbers and days, texts that stay texts, the same bytes again."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from measures.domain import plans
from measures.domain.plans import StepInput, WorkInput
from measures.enums import Period, Status
from measures.models import ProgressEntry, Score
from reports.background import data_rows as data
from reports.data_table import DataColumn, Kind
from reports.renderers.xlsx.data import CUT, write_table
from tests import factories
from tests.factories import World

LABELS = [column.label for column in data.COLUMNS]


def records(world: World, period: Period = Period.ROUND1) -> list[dict[str, Any]]:
    return [dict(zip(LABELS, row, strict=True)) for row in data.data_rows(world.plan, period)]


def add_item(world: World, **values: Any) -> None:
    measure = world.plan.measures.first()
    content = WorkInput(steps=[StepInput("๑.", "ประกาศ"), StepInput("๒.", "รายงาน")], **values)
    plans.add_work_item(actor=None, plan=world.plan, target=measure, content=content)


def test_record_tells_all_of_its_item(world: World) -> None:
    item = world.item
    item.starts, item.ends, item.responsible = date(2022, 10, 1), date(2023, 3, 31), "ผอ.กองคลัง"
    item.save()
    factories.make_entry(item, status=Status.IN_PROGRESS, result="ทำแล้วครึ่งหนึ่ง", outcome="ดีขึ้น")
    indicator = item.measure.indicator
    Score.objects.create(
        agency=world.agency, framework=world.plan.analysed, indicator=indicator, value=Decimal("92.5"), chosen=True
    )
    Score.objects.create(agency=world.agency, framework=world.plan.analysed, indicator=indicator, value=Decimal("10"))
    assert records(world)[0] == {
        "หน่วยงาน": world.agency.name,
        "จังหวัด": world.agency.province,
        "ปีงบประมาณ": world.plan.year,
        "ตัวชี้วัดที่": 1,
        "ตัวชี้วัด": "การปฏิบัติหน้าที่",
        "ชนิดรายการ": "มาตรการ",
        "รายการ": "๑. มาตรการทดสอบ",
        "ขั้นตอน/วิธีการ": "๑. จัดทำประกาศ",
        "การกำกับติดตาม": "รายงานผล",
        "ผู้รับผิดชอบ": "ผอ.กองคลัง",
        "กอง/สำนักหลัก": "สำนักปลัด",
        "รอบ": 1,
        "สถานะ": "อยู่ระหว่างดำเนินการ",
        "ผลการดำเนินการ": "ทำแล้วครึ่งหนึ่ง",
        "ผลลัพธ์": "ดีขึ้น",
        "คะแนนปีที่วิเคราะห์": Decimal("92.50"),
        "เริ่ม": date(2022, 10, 1),
        "แล้วเสร็จ": date(2023, 3, 31),
    }


def test_every_kind_of_item_is_named_by_what_it_hangs_on(world: World) -> None:
    framework = world.plan.framework
    issue = plans.add_issue(actor=None, plan=world.plan, label="ก", text="ประเด็น", indicator=None)
    for target in (issue, framework.indicators.last(), framework.oit_items.get(code="o2")):
        factories.make_item(world.plan, target=target)
    kinds = [(row["ชนิดรายการ"], row["รายการ"], row["ตัวชี้วัดที่"]) for row in records(world)[2:]]
    assert kinds == [
        ("ประเด็น", "ก ประเด็น", None),
        ("ตัวชี้วัด", "การเปิดเผยข้อมูล", 9),
        ("ข้อ OIT", "o2 รายการเปิดเผยที่ 2", 9),
    ]


def test_what_paper_merges_with_the_cell_above_is_told_again(world: World) -> None:
    """NULL is the text above, of items of the same kind; '' is blank, and stays so below."""
    world.plan.work_items.update(responsible="ปลัด", monitoring="ทุกเดือน")
    for values in ({}, {"responsible": ""}, {"monitoring": "ทุกปี"}):
        add_item(world, **values)
    factories.make_item(world.plan, target=world.plan.framework.oit_items.first(), monitoring=None)
    told = [(row["ผู้รับผิดชอบ"], row["การกำกับติดตาม"]) for row in records(world)[2:]]
    assert told == [("ปลัด", "ทุกเดือน"), ("", "ทุกเดือน"), ("", "ทุกปี"), ("", "")]


def test_not_reported_and_without_status_are_two_things(world: World) -> None:
    factories.make_entry(world.item, status=None, result="ไม่บอกสถานะ")
    assert [row["สถานะ"] for row in records(world)] == ["ยังไม่ระบุสถานะ", "ยังไม่รายงาน"]


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        (Period.PLAN, (None, "", "")),
        (Period.ROUND1, (1, "ดำเนินการแล้ว", "หนึ่ง")),
        (Period.ROUND2, (2, "ยังไม่ได้ดำเนินการ", "สอง")),
        (Period.ANNUAL, (2, "ยังไม่ได้ดำเนินการ", "สอง")),
    ],
)
def test_period_says_which_entry_is_shown(world: World, period: Period, shown: tuple[object, ...]) -> None:
    factories.make_entry(world.item, number=2, status=Status.NOT_STARTED, result="สอง")
    factories.make_entry(world.item, number=1, status=Status.DONE, result="หนึ่ง")
    row = records(world, period)[0]
    assert (row["รอบ"], row["สถานะ"], row["ผลการดำเนินการ"]) == shown


def test_items_are_read_in_pieces_and_none_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    for _ in range(7):
        add_item(world)
    whole = records(world)
    monkeypatch.setattr(data, "PIECE", 4)
    assert records(world) == whole
    assert len(whole) == world.plan.work_items.count() == 9
    with django_assert_num_queries(1 + 3 * 3 + 1):  # scores, three pieces of three, and the end
        records(world)
    assert not any(world.other.name in str(row) for row in whole)


COLUMNS = (
    DataColumn("ข้อความ", 20),
    DataColumn("จำนวน", 10, Kind.NUMBER),
    DataColumn("คะแนน", 10, Kind.SCORE),
    DataColumn("วันที่", 14, Kind.DAY),
)


def written(path: Path, rows: Sequence[Sequence[Any]]) -> Any:
    count = write_table(path, sheet="ข้อมูล", columns=COLUMNS, rows=iter(rows), title="ทดสอบ")
    assert count == len(rows)
    return load_workbook(path)["ข้อมูล"]


def test_sheet_filters_and_keeps_its_header_in_sight(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx", [("ก", 1, None, None), ("ข", 2, None, None)])
    assert [cell.value for cell in sheet[1]] == ["ข้อความ", "จำนวน", "คะแนน", "วันที่"]
    assert (sheet.auto_filter.ref, sheet.freeze_panes, sheet.max_row) == ("A1:D3", "B2", 3)


def test_numbers_and_days_are_real(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx", [("ก", 2566, Decimal("92.52"), date(2020, 3, 31))])
    number, score, day = sheet["B2"], sheet["C2"], sheet["D2"]
    assert (number.value, score.value, day.value.date()) == (2566, 92.52, date(2020, 3, 31))
    assert day.number_format == "[$-107041E]d mmm yyyy"


@pytest.mark.parametrize("text", ["=1+1", "+66", "-", "@SUM(A1)", "#N/A", "00123", "๑๒๓", "a\x07b", "ก\nข", "<b>&"])
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    cell = written(tmp_path / "a.xlsx", [(text, 1, None, None), ("ต่อไป", 1, None, None)])["A2"]
    assert (cell.value, cell.data_type) == (text.replace("\x07", ""), "s")
    assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@"))
    assert not cell.parent["A3"].quotePrefix


def test_text_longer_than_a_cell_says_that_it_is_cut(tmp_path: Path) -> None:
    cell = written(tmp_path / "a.xlsx", [("ก" * 40_000, 1, None, None)])["A2"]
    assert cell.value.endswith(CUT)
    assert len(cell.value) <= 32_767


def test_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    rows = [("ก", 1, Decimal("1.5"), date(2020, 3, 31))] * 3
    for name in ("a.xlsx", "b.xlsx"):
        written(tmp_path / name, rows)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_nothing_but_a_header_opens_too(tmp_path: Path) -> None:
    assert written(tmp_path / "a.xlsx", []).max_row == 1


def test_entries_of_another_agency_are_not_in_the_records(world: World) -> None:
    factories.make_entry(world.other_item, result="ลับ")
    assert ProgressEntry.objects.filter(result="ลับ").exists()
    assert "ลับ" not in str(records(world, Period.ANNUAL))
