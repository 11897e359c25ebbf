"""The work list of a round and one item of it, as plain rows: a fixed number of queries whatever the size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from measures import thai
from measures.enums import RoundState, Status
from measures.models import CalendarEvent, Plan, ProgressEntry, Round, Step, WorkItem

UNREPORTED, UNKNOWN, OVERDUE = "unreported", "unknown", "overdue"
"""Filter values beside the statuses: no entry, an entry without a status, late."""

OIT_DUE = "oit_entry"
"""The calendar event by whose end the OIT items are due."""

FINISHED = (Status.DONE, Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class Counts:
    """How many items stand where; `unknown` has an entry without a status, `unreported` has none."""

    not_started: int = 0
    in_progress: int = 0
    done: int = 0
    not_applicable: int = 0
    unknown: int = 0
    unreported: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        """Every item, once; overdue is counted among the others."""
        return self.not_started + self.in_progress + self.done + self.not_applicable + self.unknown + self.unreported

    @property
    def remaining(self) -> int:
        """Items that are neither done nor not applicable."""
        return self.total - self.done - self.not_applicable

    @property
    def percent_done(self) -> int:
        """Done of all that apply, per cent, rounded half up."""
        return thai.percent(self.done, self.total - self.not_applicable)


@dataclass(frozen=True)
class WorkRow:
    """One item as the list shows it. `status` None with `reported` is unknown, without it not reported."""

    id: int
    code: str
    title: str
    holder: str
    group: str
    status: str | None
    reported: bool
    result: str
    due: date | None
    overdue: bool
    lead_division_id: int | None
    lead_division: str
    version: int

    @property
    def state(self) -> str:
        """The filter value under which the row falls: a status, unknown or unreported."""
        if not self.reported:
            return UNREPORTED
        return self.status or UNKNOWN


@dataclass(frozen=True)
class WorkGroup:
    heading: str
    rows: tuple[WorkRow, ...]
    counts: Counts


@dataclass(frozen=True)
class WorkList:
    """The groups that pass the filters; `counts` are of all the divisions' items, before status and search."""

    groups: tuple[WorkGroup, ...]
    counts: Counts
    shown: int


@dataclass(frozen=True)
class EvidenceRow:
    label: str
    url: str
    dated: date | None


@dataclass(frozen=True)
class EntryText:
    """What stands in an entry; version 0 is no entry yet."""

    version: int
    status: str | None
    result: str
    outcome: str
    evidence: tuple[EvidenceRow, ...]
    updated_by: str
    updated_at: datetime | None


@dataclass(frozen=True)
class CautionRow:
    place: str
    printed: str
    proposal: str
    reason: str


@dataclass(frozen=True)
class WorkDetail:
    """One item with everything the person who reports it wants to see; `last` is the round before."""

    row: WorkRow
    steps: tuple[str, ...]
    monitoring: str
    responsible: str
    period: str
    entry: EntryText
    last: EntryText | None
    cautions: tuple[CautionRow, ...]
    next_id: int | None


def work_list(
    *,
    plan: Plan,
    round_: Round,
    today: date,
    division_ids: Sequence[int] | None = None,
    state: str = "",
    query: str = "",
) -> WorkList:
    """The items of a round grouped by indicator and OIT sub-indicator.

    `division_ids` None is all divisions; `state` is a Status, UNKNOWN, UNREPORTED, OVERDUE or ''; `query` is
    searched as a substring of the item's texts with digits, case and white space folded.
    """
    items = plan.work_items.all()
    if division_ids is not None:
        items = items.filter(lead_division__in=division_ids)
    rows = list(work_rows(items, plan=plan, round_=round_, today=today))
    shown = rows
    if query:
        found = set(items.filter(search_text__contains=thai.fold(query)).values_list("id", flat=True))
        shown = [row for row in shown if row.id in found]
    if state:
        shown = [row for row in shown if (row.overdue if state == OVERDUE else row.state == state)]
    return WorkList(tuple(_groups(shown)), count(rows), len(shown))


def work_rows(items: QuerySet[WorkItem], *, plan: Plan, round_: Round, today: date) -> Iterable[WorkRow]:
    """The items as rows in printed order, three queries in all."""
    due_oit = oit_due(plan)
    steps = first_steps(plan)
    entry = ProgressEntry.objects.filter(work_item=OuterRef("pk"), round=round_)
    columns = (
        items.annotate(
            number=Coalesce(
                "oit_item__sub_indicator__indicator__number",
                "indicator__number",
                "measure__indicator__number",
                "issue__indicator__number",
            ),
            indicator_name=Coalesce(
                "oit_item__sub_indicator__indicator__name",
                "indicator__name",
                "measure__indicator__name",
                "issue__indicator__name",
            ),
            entry_status=Subquery(entry.values("status")),
            entry_version=Subquery(entry.values("version")),
            entry_result=Subquery(entry.values("result")),
        )
        .order_by("position")
        .values_list(
            "id",
            "number",
            "indicator_name",
            "oit_item__code",
            "oit_item__name",
            "oit_item__sub_indicator__code",
            "oit_item__sub_indicator__name",
            "measure__label",
            "measure__text",
            "issue__label",
            "issue__text",
            "ends",
            "lead_division_id",
            "lead_division__name",
            "entry_status",
            "entry_version",
            "entry_result",
            named=True,
        )
    )
    for cells in columns:
        yield _row(cells, round_=round_, today=today, due_oit=due_oit, step=steps.get(cells.id, ""))


def _row(cells: Any, *, round_: Round, today: date, due_oit: date | None, step: str) -> WorkRow:
    due = due_day(cells.ends, round_=round_, oit=due_oit if cells.oit_item__code else None)
    holder = _join(cells.measure__label, cells.measure__text) or _join(cells.issue__label, cells.issue__text)
    finished = cells.entry_status in FINISHED
    return WorkRow(
        id=cells.id,
        code=cells.oit_item__code or "",
        title=cells.oit_item__name or step or holder or cells.indicator_name or "",
        holder=holder,
        group=_group_heading(cells),
        status=cells.entry_status,
        reported=cells.entry_version is not None,
        result=cells.entry_result or "",
        due=due,
        overdue=round_.state == RoundState.OPEN and not finished and due is not None and due < today,
        lead_division_id=cells.lead_division_id,
        lead_division=cells.lead_division__name or "",
        version=cells.entry_version or 0,
    )


def _group_heading(cells: Any) -> str:
    if cells.oit_item__sub_indicator__code:
        return f"{cells.oit_item__sub_indicator__code} {cells.oit_item__sub_indicator__name}"
    if cells.number:
        return f"ตัวชี้วัดที่ {cells.number} {cells.indicator_name}"
    return _join(cells.issue__label, cells.issue__text) or "ไม่ได้ระบุตัวชี้วัด"


def due_day(ends: date | None, *, round_: Round, oit: date | None) -> date:
    """When an item is due: its own end or the year's OIT day where that falls in the round, else the round's end."""
    day = oit or ends
    return day if day is not None and round_.starts <= day <= round_.ends else round_.ends


def oit_due(plan: Plan) -> date | None:
    """The day by which the OIT items of the plan's year are entered, where the framework knows it."""
    event = CalendarEvent.objects.filter(framework=plan.framework_id, key=OIT_DUE).first()
    return event.end if event else None


def first_steps(plan: Plan) -> dict[int, str]:
    """The first step of each item of the plan, as its title."""
    rows = Step.objects.filter(work_item__plan=plan, position=1).values_list("work_item_id", "label", "text")
    return {pk: _join(label, text) for pk, label, text in rows}


def count(rows: Iterable[WorkRow]) -> Counts:
    """How many rows stand where."""
    tally: dict[str, int] = {}
    for row in rows:
        tally[row.state.lower()] = tally.get(row.state.lower(), 0) + 1
        tally["overdue"] = tally.get("overdue", 0) + row.overdue
    return Counts(**tally)


def _groups(rows: Iterable[WorkRow]) -> Iterable[WorkGroup]:
    """Rows under their headings in order of first appearance."""
    groups: dict[str, list[WorkRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    for heading, members in groups.items():
        yield WorkGroup(heading, tuple(members), count(members))


def _join(label: str | None, text: str | None) -> str:
    return f"{label or ''} {text or ''}".strip()


def work_detail(*, item: WorkItem, round_: Round, today: date, next_in: Sequence[int] | None = None) -> WorkDetail:
    """One item for its page; `next_in` are the divisions in which the next unfinished item is sought."""
    plan = item.plan
    [row] = work_rows(plan.work_items.filter(pk=item.pk), plan=plan, round_=round_, today=today)
    entries = _entries(item)
    earlier = [number for number in entries if number < round_.number]
    return WorkDetail(
        row=row,
        steps=tuple(_join(step.label, step.text) for step in item.steps.all()),
        monitoring=item.monitoring or "",
        responsible=item.responsible or "",
        period=item.period_text or "",
        entry=entries.get(round_.number, EntryText(0, None, "", "", (), "", None)),
        last=entries[max(earlier)] if earlier else None,
        cautions=tuple(CautionRow(c.place, c.printed, c.proposal, c.reason) for c in item.cautions.all()),
        next_id=_next_unfinished(item, round_, next_in),
    )


def entry_text(entry: ProgressEntry) -> EntryText:
    """An entry as the pages show it."""
    return EntryText(
        version=entry.version,
        status=entry.status,
        result=entry.result or "",
        outcome=entry.outcome or "",
        evidence=tuple(EvidenceRow(e.label, e.url, e.dated) for e in entry.evidence.all()),
        updated_by=str(entry.updated_by) if entry.updated_by else "",
        updated_at=entry.updated_at,
    )


def _entries(item: WorkItem) -> dict[int, EntryText]:
    rows = item.entries.select_related("round", "updated_by").prefetch_related("evidence")
    return {row.round.number: entry_text(row) for row in rows}


def _next_unfinished(item: WorkItem, round_: Round, divisions: Sequence[int] | None) -> int | None:
    """The next item in printed order without an entry, of the divisions given."""
    items = item.plan.work_items.filter(position__gt=item.position).exclude(entries__round=round_)
    if divisions is not None:
        items = items.filter(lead_division__in=divisions)
    return items.order_by("position").values_list("id", flat=True).first()
