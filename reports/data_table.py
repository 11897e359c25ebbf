"""The work items and scores of a snapshot as tables of data: a record a row, real numbers and days. Pure.

A record tells all of its item, so a text that paper merges with the cell above (None) is told again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from measures.enums import Period, Status
from measures.snapshot import IssueInfo, MeasureInfo, Snapshot, WorkItemInfo
from reports.fields import labelled

Value = str | int | Decimal | date | None
Record = tuple[Value, ...]
NOT_REPORTED, WITHOUT_STATUS = "ยังไม่รายงาน", "ยังไม่ระบุสถานะ"


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    SCORE = "score"
    DAY = "day"


@dataclass(frozen=True)
class DataColumn:
    """`width` in characters."""

    label: str
    width: int
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class DataTable:
    """A value of its column's kind, or None, in each place of a record."""

    name: str
    columns: tuple[DataColumn, ...]
    records: tuple[Record, ...]


ITEM_COLUMNS = (
    DataColumn("ลำดับ", 8, Kind.NUMBER),
    DataColumn("ตัวชี้วัดที่", 11, Kind.NUMBER),
    DataColumn("ตัวชี้วัด", 28),
    DataColumn("คะแนนตัวชี้วัด", 14, Kind.SCORE),
    DataColumn("ข้อ OIT", 10),
    DataColumn("ชนิดรายการ", 14),
    DataColumn("มาตรการ/ประเด็น", 44),
    DataColumn("ขั้นตอน/วิธีการ", 44),
    DataColumn("การกำกับติดตาม", 30),
    DataColumn("ผู้รับผิดชอบ", 24),
    DataColumn("กอง/สำนักหลัก", 20),
    DataColumn("ระยะเวลา", 20),
    DataColumn("รอบ", 7, Kind.NUMBER),
    DataColumn("รอบเริ่ม", 14, Kind.DAY),
    DataColumn("รอบสิ้นสุด", 14, Kind.DAY),
    DataColumn("สถานะ", 22),
    DataColumn("ผลการดำเนินการ", 44),
    DataColumn("ผลลัพธ์", 30),
)
SCORE_COLUMNS = (
    DataColumn("ปีที่วิเคราะห์", 12, Kind.NUMBER),
    DataColumn("ตัวชี้วัดที่", 11, Kind.NUMBER),
    DataColumn("ข้อ", 8),
    DataColumn("เรื่อง", 60),
    DataColumn("ประเด็นที่ต้องปรับปรุง", 44),
    DataColumn("คะแนน", 10, Kind.SCORE),
)


def data_tables(snapshot: Snapshot) -> tuple[DataTable, ...]:
    """ข้อมูล: a record for each work item; คะแนน: one for each score, where there are any."""
    items = DataTable("ข้อมูล", ITEM_COLUMNS, tuple(_items(snapshot)))
    scores = DataTable("คะแนน", SCORE_COLUMNS, tuple(_scores(snapshot)))
    return (items, scores) if scores.records else (items,)


@dataclass
class Above:
    """The texts of the item above it of the same kind: what None stands for."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)

    def resolve(self, kind: str, column: str, text: str | None) -> str:
        if text is not None:
            self.texts[kind, column] = text
        return self.texts.get((kind, column), "")


def _items(snapshot: Snapshot) -> Iterator[Record]:
    above = Above()
    for number, (item, kind, title) in enumerate(_titled(snapshot), 1):
        yield number, *_record(snapshot, item, kind, title, above)


def _titled(snapshot: Snapshot) -> Iterator[tuple[WorkItemInfo, str, str]]:
    """Each work item with what it hangs on, in the order of Snapshot.work_items."""
    for measure in snapshot.measures:
        yield from ((item, "มาตรการ", _title(measure)) for item in measure.items)
    for issue in snapshot.issues:
        yield from ((item, "ประเด็น", _title(issue)) for item in issue.items)
    indicators = {indicator.number: indicator.name for indicator in snapshot.indicators}
    yield from ((item, "ตัวชี้วัด", indicators.get(item.indicator or 0, "")) for item in snapshot.indicator_work)
    names = {oit.code: oit.name for oit in snapshot.oit_items}
    yield from ((item, "ข้อ OIT", names.get(item.oit_code, "")) for item in snapshot.oit_work)


def _title(parent: MeasureInfo | IssueInfo) -> str:
    return labelled(parent.label, parent.text)


def _record(snapshot: Snapshot, item: WorkItemInfo, kind: str, title: str, above: Above) -> Record:
    indicator = next((info for info in snapshot.indicators if info.number == item.indicator), None)
    entry, round_ = item.entry, snapshot.round
    status = result = outcome = ""
    if entry is not None:
        status = Status(entry.status).label if entry.status else WITHOUT_STATUS
        result = above.resolve(kind, "result", entry.result)
        outcome = above.resolve(kind, "outcome", entry.outcome)
    elif snapshot.period != Period.PLAN:
        status = NOT_REPORTED
    return (
        item.indicator,
        indicator.name if indicator else "",
        indicator.score if indicator else None,
        item.oit_code,
        kind,
        title,
        "\n".join(labelled(step.label, step.text) for step in item.steps),
        above.resolve(kind, "monitoring", item.monitoring),
        above.resolve(kind, "responsible", item.responsible),
        item.lead_division,
        above.resolve(kind, "period", item.period),
        entry.round if entry else None,
        round_.start if round_ else None,
        round_.end if round_ else None,
        status,
        result,
        outcome,
    )


def _scores(snapshot: Snapshot) -> Iterator[Record]:
    """The chosen scores of the indicators, then those printed at the points of the issues."""
    year = snapshot.analysed_year
    for info in snapshot.indicators:
        if info.score is not None:
            yield year, info.number, "", info.name, "", info.score
    for issue in snapshot.issues:
        for point in issue.points:
            if point.score is not None:
                yield year, issue.indicator, point.code, point.text, _title(issue), point.score
