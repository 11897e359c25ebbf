"""The work list of a round and one item of it: a fixed number of queries whatever the size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from measures import thai
from measures.models import Plan, ProgressEntry, Round, WorkItem
from measures.queries.rows import OVERDUE, Counts, WorkRow, count, join, work_rows


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
    searched as a substring of the item's texts with digits, case and white space folded, or read as an OIT code.
    """
    items = plan.work_items.all()
    if division_ids is not None:
        items = items.filter(lead_division__in=division_ids)
    rows = list(work_rows(items, plan=plan, round_=round_, today=today))
    shown = rows
    if query:
        named = Q(oit_item__code=thai.parse_oit_code(query)) & Q(oit_item__isnull=False)
        found = set(items.filter(Q(search_text__contains=thai.fold(query)) | named).values_list("id", flat=True))
        shown = [row for row in shown if row.id in found]
    if state:
        shown = [row for row in shown if (row.overdue if state == OVERDUE else row.state == state)]
    return WorkList(tuple(_groups(shown)), count(rows), len(shown))


def _groups(rows: Iterable[WorkRow]) -> Iterable[WorkGroup]:
    """Rows under their headings in order of first appearance."""
    groups: dict[str, list[WorkRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    for heading, members in groups.items():
        yield WorkGroup(heading, tuple(members), count(members))


def work_detail(*, item: WorkItem, round_: Round, today: date) -> WorkDetail:
    """One item for its page."""
    plan = item.plan
    [row] = work_rows(plan.work_items.filter(pk=item.pk), plan=plan, round_=round_, today=today)
    entries = _entries(item)
    earlier = [number for number in entries if number < round_.number]
    return WorkDetail(
        row=row,
        steps=tuple(join(step.label, step.text) for step in item.steps.all()),
        monitoring=item.monitoring or "",
        responsible=item.responsible or "",
        period=item.period_text or "",
        entry=entries.get(round_.number, EntryText(0, None, "", "", (), "", None)),
        last=entries[max(earlier)] if earlier else None,
        cautions=tuple(CautionRow(c.place, c.printed, c.proposal, c.reason) for c in item.cautions.all()),
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
