"""The vocabulary of layouts: field name -> label, sample, what it needs of a row, and its value.

A value is None (same as the cell above), "" (printed blank) or text whose lines are paragraphs. Digits are left as
stored: compose shows them. `kind` says what reading a printed report back gives: EXACT the stored text, CANONICAL
the same content in its normal form, ONE_WAY nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from measures.enums import Status
from measures.snapshot import EntryInfo, IndicatorInfo, Snapshot, WorkItemInfo
from measures.thai import format_score
from reports.rows import RowData

BOX_EMPTY, BOX_TICKED = "☐", "☑"
BOXES_FIELD = "boxes_and_result"  # the one field that a layout may give boxes to


class Kind(Enum):
    EXACT = "exact"
    CANONICAL = "canonical"
    ONE_WAY = "one-way"


@dataclass(frozen=True)
class Boxes:
    """The boxes of a status cell and which status ticks which (1-based); other statuses print their word."""

    labels: tuple[str, ...] = ("ยังไม่ได้ดำเนินการ", "ดำเนินการ")
    ticks: tuple[tuple[Status, int], ...] = ((Status.NOT_STARTED, 1), (Status.DONE, 2))


@dataclass(frozen=True)
class Field:
    """`needs` are the parts of RowData without which the field means nothing."""

    label: str
    sample: str
    kind: Kind
    needs: frozenset[str]
    value: Callable[[Snapshot, RowData], str | None]


def labelled(label: str, text: str) -> str:
    """A printed label and its text: ๑. มาตรการ…"""
    return f"{label} {text}".strip()


def indicator_heading(indicator: IndicatorInfo | None) -> str:
    if indicator is None:
        return ""
    return indicator.heading if indicator.heading is not None else f"ตัวชี้วัดที่ {indicator.number} {indicator.name}"


def status_lines(entry: EntryInfo | None, boxes: Boxes) -> str:
    """The boxes, a line each, and the word of a status that ticks none; an unknown status ticks none."""
    status = entry and entry.status
    ticked = dict(boxes.ticks).get(Status(status)) if status else None
    lines = [f"{BOX_TICKED if number == ticked else BOX_EMPTY} {label}" for number, label in enumerate(boxes.labels, 1)]
    if status and ticked is None:
        lines.append(Status(status).label)
    return "\n".join(lines)


def boxes_and_result(row: RowData, boxes: Boxes) -> str:
    """Boxes and result of each work item of the row."""
    return _lines(
        _lines((status_lines(item.entry, boxes), item.entry.result if item.entry else None)) for item in row.items
    )


def _lines(texts: Iterable[str | None]) -> str:
    return "\n".join(text for text in texts if text)


def _score(score: Decimal | None) -> str:
    return "" if score is None else format_score(score)


def _indicator(_snapshot: Snapshot, row: RowData) -> str:
    return indicator_heading(row.indicator)


def _indicator_with_score(_snapshot: Snapshot, row: RowData) -> str:
    heading = indicator_heading(row.indicator)
    if row.indicator is None or row.indicator.score is None:
        return heading
    return f"{heading} {labelled(row.indicator.score_label, _score(row.indicator.score))}"


def _assessment(_snapshot: Snapshot, row: RowData) -> str:
    return row.indicator.assessment if row.indicator else ""


def _issue(_snapshot: Snapshot, row: RowData) -> str:
    return labelled(row.issue.label, row.issue.text) if row.issue else ""


def _issue_with_indicator(snapshot: Snapshot, row: RowData) -> str:
    """The indicator's heading opens its first issue; then the issue, then its points with capital codes."""
    heading = indicator_heading(row.indicator) if row.opens_indicator else ""
    points = row.issue.points if row.issue else ()
    return _lines([heading, _issue(snapshot, row), *(f"{p.code.upper()} {p.text}" for p in points)])


def _analysis(_snapshot: Snapshot, row: RowData) -> str:
    return row.issue.analysis if row.issue else ""


def _issue_measures(snapshot: Snapshot, row: RowData) -> str:
    return _lines(
        labelled(measure.label, measure.text)
        for measure in snapshot.measures
        if row.issue and measure.issue == row.issue.id
    )


def _point(_snapshot: Snapshot, row: RowData) -> str:
    return f"{row.point.code} {row.point.text}" if row.point else ""


def _point_score(_snapshot: Snapshot, row: RowData) -> str:
    return _score(row.point.score) if row.point else ""


def _measure(_snapshot: Snapshot, row: RowData) -> str:
    return row.measure.text if row.measure else ""


def _measure_heading(_snapshot: Snapshot, row: RowData) -> str:
    return labelled(row.measure.label, row.measure.text) if row.measure else ""


def _measure_number(_snapshot: Snapshot, row: RowData) -> str:
    """The printed number where the measure's label is one, else its place in the plan."""
    number = row.measure.label.rstrip(".)") if row.measure else ""
    return number if number.isdecimal() else str(row.number)


def _step(_snapshot: Snapshot, row: RowData) -> str | None:
    if row.step:
        return labelled(row.step.label, row.step.text)
    return None if row.items else ""


def _steps(_snapshot: Snapshot, row: RowData) -> str:
    return _lines(labelled(step.label, step.text) for item in row.items for step in item.steps)


def _basis_and_steps(snapshot: Snapshot, row: RowData) -> str:
    """The steps; the first work item of a measure opens with what the measure rests on."""
    first = row.measure and (not row.measure.items or row.items == row.measure.items[:1])
    return _lines([row.measure.basis if row.measure and first else "", _steps(snapshot, row)])


def _of_items(read: Callable[[WorkItemInfo], str | None]) -> Callable[[Snapshot, RowData], str | None]:
    """A text of all work items of the row, joined; None where each is None: same as the cell above."""

    def value(_snapshot: Snapshot, row: RowData) -> str | None:
        texts = [text for item in row.items if (text := read(item)) is not None]
        return _lines(texts) if texts else None

    return value


def _of_entries(read: Callable[[EntryInfo], str | None]) -> Callable[[Snapshot, RowData], str | None]:
    """The same of entries; an item that nobody has reported on is blank."""
    return _of_items(lambda item: read(item.entry) if item.entry else "")


def _status(_snapshot: Snapshot, row: RowData) -> str:
    return _lines(Status(item.entry.status).label for item in row.items if item.entry and item.entry.status)


def _oit_code(_snapshot: Snapshot, row: RowData) -> str:
    return row.oit_item.code if row.oit_item else ""


def _oit_name(_snapshot: Snapshot, row: RowData) -> str:
    return row.oit_item.name if row.oit_item else ""


def _oit_elements(_snapshot: Snapshot, row: RowData) -> str:
    """The agency's own cell as printed, else the framework's elements with a dash each."""
    if row.oit_item is None:
        return ""
    if row.oit_item.elements_text is not None:
        return row.oit_item.elements_text
    return _lines(f"- {element}" for element in row.oit_item.elements)


def _field(label: str, sample: str, kind: Kind, needs: str, value: Callable[[Snapshot, RowData], str | None]) -> Field:
    return Field(label, sample, kind, frozenset(needs.split()), value)


_EXACT, _CANONICAL, _ONE_WAY = Kind.EXACT, Kind.CANONICAL, Kind.ONE_WAY

FIELDS: dict[str, Field] = {
    "indicator_heading": _field("ตัวชี้วัด", "ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่", _CANONICAL, "indicator", _indicator),
    "indicator_with_score": _field(
        "ตัวชี้วัดและคะแนน",
        "ตัวชี้วัดที่ ๒ การใช้งบประมาณ คะแนนเฉลี่ย ๗๔.๑๕",
        _CANONICAL,
        "indicator",
        _indicator_with_score,
    ),
    "indicator_assessment": _field("การประเมิน", "ประเมินการรับรู้บุคลากรภายใน (IIT)", _EXACT, "indicator", _assessment),
    "issue": _field("ประเด็น", "๑. การเผยแพร่แผนงบประมาณ", _CANONICAL, "issue", _issue),
    "issue_heading": _field("ประเด็น", "๑. กระบวนการปฏิบัติงานที่โปร่งใส", _CANONICAL, "issue", _issue),
    "issue_with_indicator": _field(
        "ประเด็นและตัวชี้วัด", "ตัวชี้วัดที่ ๙ การเปิดเผยข้อมูล การให้บริการ", _ONE_WAY, "issue", _issue_with_indicator
    ),
    "analysis": _field("ผลการวิเคราะห์ข้อมูล", "- การให้บริการอาจล่าช้าไปบ้าง", _EXACT, "issue", _analysis),
    "measures": _field("มาตรการของประเด็น", "- ปรับปรุงการดำเนินงาน", _CANONICAL, "issue", _issue_measures),
    "point": _field("ข้อคำถาม ITA", "i๑ เจ้าหน้าที่ปฏิบัติหรือให้บริการ", _CANONICAL, "point", _point),
    "score": _field("คะแนนที่ได้รับ", "๙๒.๕๒", _CANONICAL, "point", _point_score),
    "measure": _field("มาตรการ", "มาตรการเสริมสร้างความซื่อสัตย์สุจริต", _EXACT, "measure", _measure),
    "measure_heading": _field("ลำดับและมาตรการ", "๑. มาตรการประเมินความพึงพอใจ", _CANONICAL, "measure", _measure_heading),
    "measure_number": _field("ลำดับ", "๑", _ONE_WAY, "measure", _measure_number),
    "basis_and_steps": _field(
        "ที่มาและวิธีดำเนินการ", "จากผลการประเมิน ITA ตัวชี้วัดที่ ๘", _ONE_WAY, "measure item", _basis_and_steps
    ),
    "step": _field("ขั้นตอน", "๑. จัดให้มีการประเมินความพึงพอใจ", _CANONICAL, "step", _step),
    "steps": _field("ขั้นตอนทั้งหมด", "๑. จัดทำคู่มือ", _CANONICAL, "item", _steps),
    "monitoring": _field(
        "การกำกับติดตาม", "- รายงานผลการประเมิน", _EXACT, "item", _of_items(lambda item: item.monitoring)
    ),
    "responsible": _field("ผู้รับผิดชอบ", "สำนักปลัด", _EXACT, "item", _of_items(lambda item: item.responsible)),
    "period": _field("ระยะเวลา", "ไตรมาส ๒", _EXACT, "item", _of_items(lambda item: item.period)),
    "result": _field("ผลการดำเนินการ", "- มีการรายงานผล", _EXACT, "item", _of_entries(lambda entry: entry.result)),
    "outcome": _field("ผลลัพธ์", "มีคู่มือการปฏิบัติงาน", _EXACT, "item", _of_entries(lambda entry: entry.outcome)),
    "status": _field("สถานะ", "ดำเนินการแล้ว", _CANONICAL, "item", _status),
    BOXES_FIELD: _field(
        "ช่องทำเครื่องหมายและผล",
        "☐ ยังไม่ได้ดำเนินการ ☑ ดำเนินการ",
        _CANONICAL,
        "item",
        lambda _snapshot, row: boxes_and_result(row, Boxes()),
    ),
    "oit_code": _field("ข้อ", "o๑", _EXACT, "oit_item", _oit_code),
    "oit_name": _field("ข้อมูล", "โครงสร้าง", _EXACT, "oit_item", _oit_name),
    "oit_elements": _field("องค์ประกอบด้านข้อมูล", "- แสดงแผนผังโครงสร้าง", _CANONICAL, "oit_item", _oit_elements),
}
