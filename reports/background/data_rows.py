"""Work items of many plans as records for a table, read in pieces: what stands now, whatever is frozen for print.

A record tells all of its item, so a text that paper merges with the cell above (NULL) is told again.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from measures.enums import Period, Status
from measures.models import Plan, ProgressEntry, Score, Step, WorkItem
from measures.queries.rows import join, of_indicator
from reports.data_table import NOT_REPORTED, WITHOUT_STATUS, Above, DataColumn, Kind, Record

PIECE = 500  # items read at once

COLUMNS = (
    DataColumn("หน่วยงาน", 34),
    DataColumn("จังหวัด", 16),
    DataColumn("ปีงบประมาณ", 12, Kind.NUMBER),
    DataColumn("ตัวชี้วัดที่", 11, Kind.NUMBER),
    DataColumn("ตัวชี้วัด", 28),
    DataColumn("ชนิดรายการ", 16),
    DataColumn("รายการ", 46),
    DataColumn("ขั้นตอน/วิธีการ", 46),
    DataColumn("การกำกับติดตาม", 30),
    DataColumn("ผู้รับผิดชอบ", 24),
    DataColumn("กอง/สำนักหลัก", 20),
    DataColumn("รอบ", 7, Kind.NUMBER),
    DataColumn("สถานะ", 22),
    DataColumn("ผลการดำเนินการ", 46),
    DataColumn("ผลลัพธ์", 30),
    DataColumn("คะแนนปีที่วิเคราะห์", 18, Kind.SCORE),
    DataColumn("เริ่ม", 14, Kind.DAY),
    DataColumn("แล้วเสร็จ", 14, Kind.DAY),
)


def data_rows(plan: Plan, period: Period) -> Iterator[Record]:
    """A record for each work item of the plan in printed order, with the entry that the period shows."""
    scores = _scores(plan)
    above = Above()
    after = -1
    while items := list(_items(plan, after)):
        ids = [item.id for item in items]
        steps, entries = _steps(ids), _entries(ids, period)
        for item in items:
            yield _record(plan, item, steps.get(item.id, ""), entries.get(item.id), scores, above, period)
        after = items[-1].position


def _items(plan: Plan, after: int) -> Any:
    """The next piece of items behind a position; by position and not by offset, so that the last costs as the first."""
    return (
        WorkItem.objects.filter(plan=plan, position__gt=after)
        .annotate(
            number=of_indicator("number"),
            indicator_name=of_indicator("name"),
        )
        .order_by("position")
        .values_list(
            "id",
            "position",
            "number",
            "indicator_name",
            "oit_item__code",
            "oit_item__name",
            "measure_id",
            "measure__label",
            "measure__text",
            "issue_id",
            "issue__label",
            "issue__text",
            "responsible",
            "monitoring",
            "lead_division__name",
            "starts",
            "ends",
            named=True,
        )[:PIECE]
    )


def _steps(ids: list[int]) -> dict[int, str]:
    """The steps of each item, a line each."""
    lines: dict[int, list[str]] = {}
    rows = Step.objects.filter(work_item__in=ids).order_by("work_item_id", "position")
    for pk, label, text in rows.values_list("work_item_id", "label", "text"):
        lines.setdefault(pk, []).append(join(label, text))
    return {pk: "\n".join(texts) for pk, texts in lines.items()}


def _entries(ids: list[int], period: Period) -> dict[int, Any]:
    """The entry of each item: of the period's round, or for the year the latest; none for the plan."""
    if period is Period.PLAN:
        return {}
    rows = ProgressEntry.objects.filter(work_item__in=ids).order_by("round__number")
    if period.round_number:
        rows = rows.filter(round__number=period.round_number)
    names = ("work_item_id", "round__number", "status", "result", "outcome")
    return {row.work_item_id: row for row in rows.values_list(*names, named=True)}


def _scores(plan: Plan) -> dict[str | int, Decimal]:
    """The chosen scores of the analysed year, by OIT code and by number of the indicator."""
    rows = Score.objects.filter(agency=plan.agency_id, framework=plan.analysed_id, chosen=True, question=None)
    found = rows.values_list("oit_item__code", "indicator__number", "value")
    return {code or number: value for code, number, value in found if code or number}


def _record(
    plan: Plan,
    item: Any,
    steps: str,
    entry: Any,
    scores: dict[str | int, Decimal],
    above: Above,
    period: Period,
) -> Record:
    kind, title = _kind_and_title(item)
    status = result = outcome = ""
    if entry is not None:
        status = Status(entry.status).label if entry.status else WITHOUT_STATUS
        result = above.resolve(kind, "result", entry.result)
        outcome = above.resolve(kind, "outcome", entry.outcome)
    elif period is not Period.PLAN:
        status = NOT_REPORTED
    return (
        plan.agency.name,
        plan.agency.province,
        plan.year,
        item.number,
        item.indicator_name,
        kind,
        title,
        steps,
        above.resolve(kind, "monitoring", item.monitoring),
        above.resolve(kind, "responsible", item.responsible),
        item.lead_division__name,
        entry.round__number if entry else None,
        status,
        result,
        outcome,
        scores.get(item.oit_item__code or item.number),
        item.starts,
        item.ends,
    )


def _kind_and_title(item: Any) -> tuple[str, str]:
    """What an item hangs on, and that thing's text."""
    if item.oit_item__code:
        return "ข้อ OIT", f"{item.oit_item__code} {item.oit_item__name}"
    if item.measure_id:
        return "มาตรการ", join(item.measure__label, item.measure__text)
    if item.issue_id:
        return "ประเด็น", join(item.issue__label, item.issue__text)
    return "ตัวชี้วัด", item.indicator_name or ""
