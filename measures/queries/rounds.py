"""What the clerk sees of a round: who has not reported, what is wrong, when it was opened and closed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from measures import thai
from measures.enums import Period, RoundState
from measures.models import AuditEvent, Plan, Round, StoredSnapshot
from measures.queries.gaps import Gap, Reported, Severity, find_gaps, reported_items, scene_of
from measures.queries.rows import Counts, count, work_rows

ACTS = {"round.open": "เปิดรอบ", "round.close": "ปิดรอบ", "round.reopen": "เปิดอีกครั้ง"}
"""What the audit trail calls the acts on a round, and how the page names them."""


@dataclass(frozen=True)
class DivisionLine:
    """One division in the round; `key` is what the work list filters by, '' for items that nobody leads."""

    key: str
    label: str
    counts: Counts
    saved_on: date | None


@dataclass(frozen=True)
class Milestone:
    """A round of the plan and the last content frozen for it, version 0 when it was never closed."""

    round: Round
    version: int
    frozen_at: datetime | None
    days_over: int

    @property
    def frozen_on(self) -> date | None:
        """The local day of the freezing."""
        return _local_day(self.frozen_at)


@dataclass(frozen=True)
class Act:
    """One opening or closing as the trail keeps it."""

    label: str
    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True)
class RoundBoard:
    """One round of a plan with everything that decides whether it can be closed."""

    round: Round
    milestones: tuple[Milestone, ...]
    counts: Counts
    divisions: tuple[DivisionLine, ...]
    gaps: tuple[Gap, ...]
    acts: tuple[Act, ...]

    @property
    def reported(self) -> int:
        """Items with an entry."""
        return self.counts.total - self.counts.unreported

    @property
    def lacking(self) -> int:
        """Divisions that have not reported all their items."""
        return sum(1 for line in self.divisions if line.key and line.counts.unreported)

    @property
    def to_mend(self) -> int:
        """Findings that have to be mended before the round is closed without a reason."""
        return self._findings(Severity.MUST)

    @property
    def to_check(self) -> int:
        """Findings that may be right, for a person to judge."""
        return self._findings(Severity.CHECK)

    @property
    def needs_reason(self) -> bool:
        """Whether closing now has to be explained."""
        return bool(self.counts.unreported or self.to_mend)

    @property
    def milestone(self) -> Milestone:
        """The milestone of the round in view."""
        return next(mark for mark in self.milestones if mark.round == self.round)

    def _findings(self, severity: Severity) -> int:
        return sum(len(gap.rows) for gap in self.gaps if gap.severity is severity)


def round_board(*, plan: Plan, round_: Round, today: date) -> RoundBoard:
    """The board of a round, eight queries whatever the number of items."""
    rows = list(work_rows(plan.work_items.all(), plan=plan, round_=round_, today=today))
    items = reported_items(rows, plan=plan, round_=round_)
    return RoundBoard(
        round=round_,
        milestones=tuple(_milestones(plan, today)),
        counts=count(rows),
        divisions=tuple(_divisions(items)),
        gaps=find_gaps(items, scene_of(plan, round_)),
        acts=tuple(_acts(plan, round_)),
    )


def _divisions(items: Iterable[Reported]) -> list[DivisionLine]:
    """The divisions with items, the one that lacks most first."""
    members: dict[int | None, list[Reported]] = defaultdict(list)
    for item in items:
        members[item.row.lead_division_id].append(item)
    lines = [
        DivisionLine(
            key=str(pk or ""),
            label=group[0].row.lead_division or "ยังไม่มีผู้รับผิดชอบ",
            counts=count(item.row for item in group),
            saved_on=_local_day(max((item.saved_at for item in group if item.saved_at), default=None)),
        )
        for pk, group in members.items()
    ]
    return sorted(lines, key=lambda line: (-line.counts.unreported, line.counts.total, thai.sort_key(line.label)))


def _local_day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _milestones(plan: Plan, today: date) -> Iterable[Milestone]:
    frozen: dict[str, tuple[int, datetime | None]] = {}
    for period, version, at in StoredSnapshot.objects.filter(plan=plan).values_list("period", "version", "frozen_at"):
        frozen[period] = (version, at)  # in order of version: the last one stays
    for round_ in plan.rounds.all():
        version, frozen_at = frozen.get(Period.of_round(round_.number).value, (0, None))
        over = (today - round_.ends).days if round_.state == RoundState.OPEN else 0
        yield Milestone(round_, version, frozen_at, max(over, 0))


def _acts(plan: Plan, round_: Round) -> Iterable[Act]:
    """What was done to the round, the latest first."""
    events = AuditEvent.objects.filter(
        chain=plan.agency.slug, object_kind="round", object_id=round_.pk, action__in=ACTS
    ).order_by("-sequence")
    for event in events:
        yield Act(ACTS[event.action], event.at, event.actor_label, (event.after or {}).get("reason", ""))
