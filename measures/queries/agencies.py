"""The agencies a person may see, each with how far its latest plan is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Collate

from measures import thai
from measures.enums import Status
from measures.models import Agency, Plan, ProgressEntry, Round, WorkItem
from measures.queries.dashboard import choose_round

THAI_ORDER = "th-x-icu"
"""The collation of Thai words, in ORDER BY only: PostgreSQL's ICU has it, our SQLite connections register it."""


@dataclass(frozen=True)
class AgencyRow:
    """An agency with the round in view of its latest plan; without a plan `year` is None."""

    slug: str
    name: str
    district: str
    province: str
    year: int | None
    round: int | None
    items: int
    done: int
    reported: int
    not_applicable: int

    @property
    def percent_done(self) -> int:
        """Done of all that apply, per cent, rounded half up."""
        return thai.percent(self.done, self.items - self.not_applicable)

    @property
    def percent_reported(self) -> int:
        """Items with an entry, per cent, rounded half up."""
        return thai.percent(self.reported, self.items)


def agency_rows(*, agencies: QuerySet[Agency], today: date) -> list[AgencyRow]:
    """A row for each agency by name, five queries whatever their number."""
    rows = list(agencies.order_by(Collate("name", THAI_ORDER), "id"))
    plans = {plan.agency_id: plan for plan in Plan.objects.filter(agency__in=rows).order_by("year")}
    rounds = _rounds_in_view(list(plans.values()), today)
    items = dict(
        WorkItem.objects.filter(plan__in=plans.values()).values_list("plan").annotate(n=Count("id")).order_by()
    )
    entries = {
        plan: tally
        for plan, *tally in ProgressEntry.objects.filter(round__in=rounds.values())
        .values_list("work_item__plan")
        .annotate(
            reported=Count("id"),
            done=Count("id", filter=Q(status=Status.DONE)),
            not_applicable=Count("id", filter=Q(status=Status.NOT_APPLICABLE)),
        )
        .order_by()
    }
    return [_row(agency, plans.get(agency.pk), rounds, items, entries) for agency in rows]


def _row(
    agency: Agency,
    plan: Plan | None,
    rounds: dict[int, Round],
    items: dict[int, int],
    entries: dict[int, list[int]],
) -> AgencyRow:
    round_ = rounds.get(plan.pk) if plan else None
    reported, done, not_applicable = entries.get(plan.pk, [0, 0, 0]) if plan else [0, 0, 0]
    return AgencyRow(
        slug=agency.slug,
        name=agency.name,
        district=agency.district,
        province=agency.province,
        year=plan.year if plan else None,
        round=round_.number if round_ else None,
        items=items.get(plan.pk, 0) if plan else 0,
        done=done,
        reported=reported,
        not_applicable=not_applicable,
    )


def _rounds_in_view(plans: Sequence[Plan], today: date) -> dict[int, Round]:
    """Per plan the round to show: see `dashboard.current_round`, done here for many plans at once."""
    held: dict[int, list[Round]] = {}
    for round_ in Round.objects.filter(plan__in=plans).order_by("number"):
        held.setdefault(round_.plan_id, []).append(round_)
    return {plan: choose_round(rounds, today) for plan, rounds in held.items()}
