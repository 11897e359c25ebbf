"""The filters of the work list as links: what is chosen, and the address of each other choice."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from measures.access import Access
from measures.forms import WorkFilterForm
from measures.models import Plan, Round
from measures.queries.rows import OVERDUE, Counts
from measures.templatetags.thai import FACES

ALL = "all"
"""The value of `division` that means every division, for those who have their own by default."""


@dataclass(frozen=True)
class WorkFilters:
    """What the work list is narrowed to; empty is the default of the person."""

    round: int | None = None
    division: str = ""
    state: str = ""
    q: str = ""

    @classmethod
    def read(cls, data: QueryDict) -> "WorkFilters":
        """The filters of a query string; unreadable ones are left out."""
        form = WorkFilterForm(data)
        form.is_valid()
        return cls(**{name: form.cleaned_data[name] for name in form.cleaned_data if form.cleaned_data[name]})

    def query(self) -> str:
        """The filters as a query string with its question mark, or ''."""
        chosen = {name: value for name, value in self.__dict__.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""

    def to(self, **changes: object) -> str:
        """The query string with some filters changed."""
        return replace(self, **changes).query() or "?"  # type: ignore[arg-type]  # names of our own fields

    def to_row(self) -> str:
        """The query string that asks for the closed row of an item instead of the item."""
        return f"{self.query() or '?'}&row=1".replace("?&", "?")


@dataclass(frozen=True)
class Choice:
    """One filter link."""

    label: str
    query: str
    current: bool
    count: int | None = None
    icon: str = ""


def state_choices(filters: WorkFilters, counts: Counts) -> tuple[Choice, ...]:
    """Everything, what is late, then each state that occurs or is chosen."""
    offered = [("", "ทั้งหมด", "", counts.total), (OVERDUE, "เลยกำหนด", "warn", counts.overdue)]
    offered += [(key, face.label, face.icon, getattr(counts, key.lower())) for key, face in FACES.items()]
    return tuple(
        Choice(label, filters.to(state=key), filters.state == key, number, icon)
        for key, label, icon, number in offered
        if number or not key or filters.state == key
    )


def round_choices(filters: WorkFilters, plan: Plan, chosen: Round) -> tuple[Choice, ...]:
    """The rounds of the plan."""
    return tuple(
        Choice(f"รอบที่ {round_.number}", filters.to(round=round_.number), round_ == chosen)
        for round_ in plan.rounds.all()
    )


def division_choices(filters: WorkFilters, plan: Plan, access: Access) -> tuple[tuple[str, str, bool], ...]:
    """The divisions to choose from as (value, label, chosen); one's own come first where one has any."""
    mine = access.division_ids(plan.agency)
    offered = [("", "กองของฉัน"), (ALL, "ทุกกอง")] if mine else [("", "ทุกกอง")]
    offered += [(str(division.pk), division.name) for division in plan.agency.divisions.all()]
    return tuple((value, label, value == filters.division) for value, label in offered)


def division_ids(filters: WorkFilters, plan: Plan, access: Access) -> tuple[int, ...] | None:
    """The divisions that the filter means; None is all of them."""
    if filters.division.isascii() and filters.division.isdigit():
        return (int(filters.division),)
    return None if filters.division == ALL else access.division_ids(plan.agency) or None
