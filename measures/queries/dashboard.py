"""What the executive sees of a plan: completion, who is late, round against round."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from measures.models import Plan, Round
from measures.queries.rows import Counts, WorkRow, count, work_rows


@dataclass(frozen=True)
class Slice:
    """The counts of one indicator or division; `key` is what the work list filters by."""

    key: str
    label: str
    counts: Counts


@dataclass(frozen=True)
class RoundView:
    """One round of the plan: all its counts, by indicator and by division, and what is late."""

    round: Round
    counts: Counts
    by_group: tuple[Slice, ...]
    by_division: tuple[Slice, ...]
    overdue: tuple[WorkRow, ...]

    @property
    def silent_divisions(self) -> tuple[Slice, ...]:
        """Divisions that have items and reported none of them."""
        return tuple(s for s in self.by_division if s.counts.unreported == s.counts.total)


@dataclass(frozen=True)
class Dashboard:
    """`current` is the round in view, `other` the other one."""

    current: RoundView | None
    other: RoundView | None
    notes: str


def current_round(plan: Plan, today: date, number: int | None = None) -> Round | None:
    """The round asked for, else the one to show; None when the plan has none such."""
    rounds = list(plan.rounds.all())
    if number is not None:
        return next((r for r in rounds if r.number == number), None)
    return choose_round(rounds, today) if rounds else None


def choose_round(rounds: Sequence[Round], today: date) -> Round:
    """Of the rounds of a plan the one to show: open and holding today, else the first open, else the last."""
    opened = [r for r in rounds if r.is_open]
    within = [r for r in opened if r.starts <= today <= r.ends]
    return (within or opened or list(rounds)[::-1])[0]


def agency_dashboard(*, plan: Plan, today: date, number: int | None = None) -> Dashboard:
    """The dashboard of a plan, seven queries whatever the number of items."""
    chosen = current_round(plan, today, number)
    others = [r for r in plan.rounds.all() if chosen and r.pk != chosen.pk]
    return Dashboard(
        current=_view(plan, chosen, today) if chosen else None,
        other=_view(plan, others[0], today) if others else None,
        notes=plan.framework.notes,
    )


def _view(plan: Plan, round_: Round, today: date) -> RoundView:
    rows = list(work_rows(plan.work_items.all(), plan=plan, round_=round_, today=today))
    return RoundView(
        round=round_,
        counts=count(rows),
        by_group=tuple(_slices(rows, key=lambda row: row.group, label=lambda row: row.group)),
        by_division=tuple(
            _slices(
                rows,
                key=lambda row: str(row.lead_division_id or ""),
                label=lambda row: row.lead_division or "ยังไม่มีผู้รับผิดชอบ",
            )
        ),
        overdue=tuple(sorted((row for row in rows if row.overdue), key=lambda row: (row.due or today, row.id))),
    )


def _slices(
    rows: Iterable[WorkRow], *, key: Callable[[WorkRow], str], label: Callable[[WorkRow], str]
) -> Iterable[Slice]:
    members: dict[str, list[WorkRow]] = {}
    for row in rows:
        members.setdefault(key(row), []).append(row)
    for name, group in members.items():
        yield Slice(name, label(group[0]), count(group))
