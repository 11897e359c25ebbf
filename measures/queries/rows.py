"""The work items of a round as plain rows and their counts: three queries whatever the number of items."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
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


def of_indicator(column: str) -> Coalesce:
    """A column of the indicator under which a work item falls, by whatever the item hangs on."""
    ways = ("oit_item__sub_indicator__indicator", "indicator", "measure__indicator", "issue__indicator")
    return Coalesce(*(f"{way}__{column}" for way in ways))


def work_rows(items: QuerySet[WorkItem], *, plan: Plan, round_: Round, today: date) -> Iterable[WorkRow]:
    """The items as rows in printed order, three queries in all."""
    due_oit = oit_due(plan)
    steps = first_steps(plan)
    entry = ProgressEntry.objects.filter(work_item=OuterRef("pk"), round=round_)
    columns = (
        items.annotate(
            number=of_indicator("number"),
            indicator_name=of_indicator("name"),
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
    holder = join(cells.measure__label, cells.measure__text) or join(cells.issue__label, cells.issue__text)
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
    return join(cells.issue__label, cells.issue__text) or "ไม่ได้ระบุตัวชี้วัด"


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
    return {pk: join(label, text) for pk, label, text in rows}


def count(rows: Iterable[WorkRow]) -> Counts:
    """How many rows stand where."""
    tally: dict[str, int] = {}
    for row in rows:
        tally[row.state.lower()] = tally.get(row.state.lower(), 0) + 1
        tally["overdue"] = tally.get("overdue", 0) + row.overdue
    return Counts(**tally)


def join(label: str | None, text: str | None) -> str:
    """A label and its text with one blank between them."""
    return f"{label or ''} {text or ''}".strip()
