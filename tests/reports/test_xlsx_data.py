"""The sheets of data: a record for each work item, real numbers and days, and texts that stay texts."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from measures.snapshot import Snapshot, WorkItemInfo
from reports.data_table import NOT_REPORTED, WITHOUT_STATUS, data_tables
from reports.export import export
from reports.layout import layouts
from reports.renderers.xlsx.cells import MAX_TEXT, pieces
from tests.reports.plans import PLANS, snapshot_of
from tests.reports.reading import merged, workbook


def with_item(snapshot: Snapshot, **changes: object) -> Snapshot:
    """The snapshot with its first work item of a measure changed."""
    first, *measures = snapshot.measures
    item, *items = first.items
    return replace(snapshot, measures=(replace(first, items=(replace(item, **changes), *items)), *measures))


def column(snapshot: Snapshot, label: str, table: int = 0) -> list[object]:
    data = data_tables(snapshot)[table]
    place = [column.label for column in data.columns].index(label)
    return [record[place] for record in data.records]


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_data_sheet_is_one_table_of_all_work_items(slug: str) -> None:
    snapshot = snapshot_of(slug)
    book = workbook(export(snapshot, layouts()[snapshot.layout], "xlsx"))
    sheet = book["ข้อมูล"]
    records = data_tables(snapshot)[0].records
    assert merged(sheet) == set()
    assert (sheet.max_row, sheet.freeze_panes) == (len(records) + 1, "B2")
    assert sheet.auto_filter.ref == f"A1:R{len(records) + 1}"
    assert len(records) == len(list(snapshot.work_items()))
    assert [value for (value,) in sheet.iter_rows(2, None, 1, 1, values_only=True)] == list(range(1, len(records) + 1))
    shown = [tuple(cell or None for cell in record) for record in records]
    found = [tuple(_as_stored(cell) for cell in row) for row in sheet.iter_rows(2, values_only=True)]
    assert found == shown


def _as_stored(value: object) -> object:
    """Numbers and days as they were before they went through Excel."""
    if isinstance(value, float):
        return Decimal(str(value))
    return value.date() if isinstance(value, datetime) else value


def test_scores_and_days_are_real() -> None:
    snapshot = snapshot_of("bungmai")
    book = workbook(export(snapshot, layouts()[snapshot.layout], "xlsx"))
    scores = [row[5] for row in book["คะแนน"].iter_rows(2)]
    assert {cell.data_type for cell in scores} == {"n"}
    assert [Decimal(str(cell.value)) for cell in scores] == column(snapshot, "คะแนน", 1)
    round1 = snapshot_of("yangsisurat")
    sheet = workbook(export(round1, layouts()[round1.layout], "xlsx"))["ข้อมูล"]
    assert sheet["N2"].value.date() == round1.round.start
    assert "mmm" in sheet["N2"].number_format


def test_text_that_merges_on_paper_is_told_again() -> None:
    snapshot = snapshot_of("yangsisurat")
    first = snapshot.measures[0].items[0]
    items = (replace(first, monitoring="รายงาน"), replace(first, monitoring=None), replace(first, monitoring=""))
    measure = replace(snapshot.measures[0], items=items)
    found = column(replace(snapshot, measures=(measure,), issues=()), "การกำกับติดตาม")
    assert found[:3] == ["รายงาน", "รายงาน", ""]


def test_unknown_status_and_no_report_are_kept_apart() -> None:
    snapshot = snapshot_of("yangsisurat")
    item: WorkItemInfo = snapshot.measures[0].items[0]
    assert item.entry is not None
    assert column(with_item(snapshot, entry=replace(item.entry, status=None)), "สถานะ")[0] == WITHOUT_STATUS
    assert column(with_item(snapshot, entry=None), "สถานะ")[0] == NOT_REPORTED
    assert column(with_item(replace(snapshot, period="plan"), entry=None), "สถานะ")[0] == ""


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://example.org","x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "#N/A", "TRUE", "<b>&amp;</b>"],
)
def test_text_stays_text_in_both_sheets(text: str) -> None:
    snapshot = with_item(snapshot_of("yangsisurat"), monitoring=text)
    book = workbook(export(snapshot, layouts()[snapshot.layout], "xlsx"))
    data = book["ข้อมูล"]["I2"]
    assert (data.value, data.data_type, data.hyperlink) == (text.replace("\r", "\n"), "s", None)
    assert bool(data.quotePrefix) == text.replace("\r", "\n").startswith(("=", "+", "-", "@", "\t"))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds & {"f", "e", "b"} == set()


@pytest.mark.parametrize("text", ["ก" * 100_000, "\U0001f4a9" * 40_000, "ก\x00\x1f\ud800\ufffe" * 30_000])
def test_text_too_long_for_a_cell_is_cut_with_a_word(text: str) -> None:
    snapshot = with_item(snapshot_of("yangsisurat"), monitoring=text)
    found = workbook(_sheets(snapshot))["ข้อมูล"]["I2"].value
    assert len(found.encode("utf-16-le")) // 2 <= 32_767
    assert found.startswith(text[0])


def _sheets(snapshot: Snapshot) -> bytes:
    return export(snapshot, layouts()[snapshot.layout], "xlsx")


def test_pieces_hold_what_a_cell_can_and_lose_nothing() -> None:
    for text in ("ก" * 100_000, "\U0001f4a9" * 40_000, "คำ " * 50_000):
        found = pieces(text)
        assert "".join(found) == text
        assert max(len(piece.encode("utf-16-le")) // 2 for piece in found) <= MAX_TEXT


def test_names_that_excel_reads_as_characters_are_kept() -> None:
    snapshot = with_item(snapshot_of("yangsisurat"), lead_division="_x0041_")
    book = workbook(_sheets(snapshot))
    assert book["ข้อมูล"]["K2"].value in ("_x005F_x0041_", "_x0041_")  # openpyxl reads it as it is written
