"""Which period and form of a plan's report is meant, and what there is to choose from."""

from collections.abc import Iterable

from measures.enums import Period
from measures.models import Plan
from measures.queries.snapshots import default_period
from reports.export import ExportError, layout_named
from reports.layout import Layout


class UnknownPeriod(ExportError):
    """There is no such period."""


def period_named(name: str) -> Period:
    """The period of that value. Raises UnknownPeriod."""
    try:
        return Period(name)
    except ValueError:
        known = ", ".join(period.value for period in Period)
        raise UnknownPeriod(f"ไม่มีช่วงเวลา “{name}” ที่มีคือ {known}") from None


def choose(plan: Plan, period: str = "", layout: str = "") -> tuple[Period, Layout]:
    """The period and layout asked for; what is not said is the plan's own. Raises ExportError for unknown names."""
    chosen = period_named(period) if period else None
    form = layout_named(layout or own_layout(plan, chosen))
    if chosen is None:
        chosen = default_period(plan)
        if layout and chosen not in form.periods:
            chosen = Period(form.periods[0])
    return chosen, form


def own_layout(plan: Plan, period: Period | None) -> str:
    """The form in which the plan prints a period; its first form where it names none. Raises ExportError."""
    rows = list(plan.layouts.all())
    for row in rows:
        if row.period == period:
            return row.layout
    if not rows:
        raise ExportError(f"{plan} ยังไม่ได้กำหนดแบบรายงาน")
    return rows[0].layout


def periods_of(plan: Plan, layouts: Iterable[Layout]) -> list[Period]:
    """The periods that can be printed: the plan has them and some form is made for them."""
    rounds = {round_.number for round_ in plan.rounds.all()}
    made_for = {period for layout in layouts for period in layout.periods}
    return [period for period in Period if period in made_for and period.round_number in (None, *rounds)]
