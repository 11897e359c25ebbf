"""Gap checks of a round: what an assessor would stumble over, found while the round can still be mended.

The checks are pure functions over plain rows; all rows are read in five queries whatever the number of items.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from measures import thai
from measures.enums import Labelled, Status
from measures.fiscal import Span
from measures.models import Agency, Evidence, Plan, ProgressEntry, Round
from measures.queries.passages import AROUND, Excerpt, Folded, Names, excerpt
from measures.queries.rows import WorkRow, work_rows
from measures.thai_dates import find_dates


class Severity(Labelled):
    """Whether a gap keeps a round from being closed without a reason."""

    MUST = "must", "ต้องแก้"
    CHECK = "check", "ควรตรวจ"


@dataclass(frozen=True)
class Reported:
    """One item of a round with what was written on it; `other` is what stands in the other round, '' for nothing."""

    row: WorkRow
    text: str
    other: str
    has_evidence: bool
    saved_at: datetime | None


@dataclass(frozen=True)
class Scene:
    """What the texts are held against: the round's days, the other round's number, whose names are whose."""

    span: Span
    other_number: int
    names: Names


@dataclass(frozen=True)
class GapRow:
    """One item with the gap; no excerpt where the gap is that something is missing."""

    row: WorkRow
    excerpt: Excerpt | None


@dataclass(frozen=True)
class Gap:
    """One check and the items that fail it."""

    key: str
    label: str
    advice: str
    severity: Severity
    rows: tuple[GapRow, ...]


_NOT_DONE = re.compile("(?:ยัง)?ไม่(?:ได้)?ดำเนินการ")
_DONE = re.compile("(?<!ไม่)มีการดำเนินการ|(?<!ไม่)(?<!ไม่ได้)(?<!จะ)ดำเนินการแล้ว")

Found = Excerpt | bool


def _no_evidence(item: Reported, _: Scene) -> Found:
    return item.row.status == Status.DONE and not item.has_evidence


def _no_owner(item: Reported, _: Scene) -> Found:
    return item.row.lead_division_id is None


def _empty(item: Reported, _: Scene) -> Found:
    return item.row.reported and not item.text.strip()


def _contradiction(item: Reported, _: Scene) -> Found:
    patterns = {Status.DONE.value: _NOT_DONE, Status.NOT_STARTED.value: _DONE}
    pattern = patterns.get(item.row.status or "")
    folded = Folded.of(item.text) if pattern else None
    match = pattern.search(folded.text) if pattern and folded else None
    return excerpt(item.text, *folded.back(*match.span())) if match and folded else False


def _other_agency(item: Reported, scene: Scene) -> Found:
    place = scene.names.first_foreign(item.text)
    return excerpt(item.text, *place) if place else False


def _same_text(item: Reported, _: Scene) -> Found:
    same = bool(item.text.strip()) and thai.fold(item.text) == thai.fold(item.other)
    return excerpt(item.text, 0, 0, around=2 * AROUND) if same else False


def _outside_dates(item: Reported, scene: Scene) -> Found:
    stray = next((found for found in find_dates(item.text) if found.strays(scene.span)), None)
    return excerpt(item.text, stray.start, stray.end) if stray else False


@dataclass(frozen=True)
class Check:
    """A gap to look for; {other} in the label is the number of the other round."""

    key: str
    label: str
    advice: str
    severity: Severity
    find: Callable[[Reported, Scene], Found]


CHECKS = (
    Check(
        "no_owner",
        "ไม่มีผู้รับผิดชอบ",
        "ยังไม่มีกองใดเป็นผู้รับผิดชอบหลัก เจ้าหน้าที่ ITA ต้องรายงานเอง",
        Severity.MUST,
        _no_owner,
    ),
    Check(
        "no_evidence",
        "ดำเนินการแล้วแต่ไม่มีหลักฐาน",
        "ให้กองที่รับผิดชอบแนบลิงก์หลักฐานที่เปิดดูได้",
        Severity.MUST,
        _no_evidence,
    ),
    Check(
        "empty",
        "รายงานแล้วแต่ไม่มีข้อความ",
        "ให้กองที่รับผิดชอบเขียนผลการดำเนินการ หรือเหตุที่ยังไม่ได้ทำ",
        Severity.MUST,
        _empty,
    ),
    Check(
        "contradiction",
        "ข้อความขัดกับสถานะ",
        "ให้แก้สถานะหรือข้อความให้ตรงกัน",
        Severity.MUST,
        _contradiction,
    ),
    Check(
        "other_agency",
        "มีชื่อหน่วยงานอื่นในข้อความ",
        "ตรวจว่าคัดลอกข้อความของหน่วยงานอื่นมาหรือไม่",
        Severity.MUST,
        _other_agency,
    ),
    Check(
        "same_text",
        "ข้อความเหมือนรอบที่ {other} ทุกคำ",
        "ตรวจว่าคัดลอกมาโดยยังไม่ได้ปรับให้เป็นผลของรอบนี้หรือไม่",
        Severity.CHECK,
        _same_text,
    ),
    Check(
        "outside_dates",
        "วันที่ในข้อความอยู่นอกรอบ",
        "ตรวจว่าพิมพ์ปีผิด หรือเป็นผลของรอบอื่นหรือไม่",
        Severity.CHECK,
        _outside_dates,
    ),
)


def find_gaps(items: Sequence[Reported], scene: Scene) -> tuple[Gap, ...]:
    """Every check with the items that fail it: those with findings first, each kind in the order of CHECKS."""
    gaps = []
    for check in CHECKS:
        found = [(item, check.find(item, scene)) for item in items]
        rows = tuple(GapRow(item.row, hit if isinstance(hit, Excerpt) else None) for item, hit in found if hit)
        label = check.label.format(other=scene.other_number)
        gaps.append(Gap(check.key, label, check.advice, check.severity, rows))
    return tuple(sorted(gaps, key=lambda gap: not gap.rows))


def round_gaps(*, plan: Plan, round_: Round, today: date) -> tuple[Gap, ...]:
    """The gaps of a round as it stands now, five queries."""
    rows = list(work_rows(plan.work_items.all(), plan=plan, round_=round_, today=today))
    return find_gaps(reported_items(rows, plan=plan, round_=round_), scene_of(plan, round_))


@dataclass(frozen=True)
class _Written:
    """What an entry holds, of whichever round."""

    text: str = ""
    proved: bool = False
    saved_at: datetime | None = None


_NOTHING = _Written()


def reported_items(rows: Iterable[WorkRow], *, plan: Plan, round_: Round) -> list[Reported]:
    """The rows of a round with the texts of both rounds, one query."""
    proof = Evidence.objects.filter(entry=OuterRef("pk"))
    cells = (
        ProgressEntry.objects.filter(work_item__plan=plan)
        .annotate(proved=Exists(proof))
        .values_list("work_item_id", "round_id", "result", "outcome", "proved", "updated_at")
    )
    written: dict[bool, dict[int, _Written]] = {True: {}, False: {}}
    for item, in_round, result, outcome, proved, saved in cells:
        text = "\n".join(part for part in (result, outcome) if part)
        written[in_round == round_.pk][item] = _Written(text, proved, saved)
    here, other = written[True], written[False]
    return [_reported(row, here.get(row.id, _NOTHING), other.get(row.id, _NOTHING)) for row in rows]


def _reported(row: WorkRow, here: _Written, other: _Written) -> Reported:
    return Reported(row, here.text, other.text, here.proved, here.saved_at)


def scene_of(plan: Plan, round_: Round) -> Scene:
    """What the texts of a round are held against, one query."""
    names: dict[bool, list[str]] = {True: [], False: []}
    for pk, *called in Agency.objects.values_list("id", "name", "short_name"):
        names[pk == plan.agency_id].extend(called)
    return Scene(Span(round_.starts, round_.ends), 3 - round_.number, Names(own=names[True], others=names[False]))
