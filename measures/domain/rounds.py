"""Opening, closing and reopening rounds; closing freezes what the reports print."""

from django.db import transaction

from measures import snapshot, thai
from measures.domain import audit
from measures.domain.errors import DomainError
from measures.enums import Period, RoundState
from measures.models import Round, StoredSnapshot, User
from measures.queries.snapshots import build_snapshot

MAX_REASON = 500
"""Characters of a reason for closing or reopening a round."""


@transaction.atomic
def open_round(*, actor: User | None, round_: Round, reason: str = "") -> Round:
    """Let entries of a planned round be written. Raises DomainError for a round that was opened before."""
    refusals = {RoundState.OPEN: "เปิดอยู่แล้ว", RoundState.CLOSED: "ปิดไปแล้ว ต้องเปิดอีกครั้งโดยระบุเหตุผล"}
    return _move(actor, round_, RoundState.OPEN, "round.open", reason=reason, refusals=refusals)


@transaction.atomic
def reopen_round(*, actor: User | None, round_: Round, reason: str) -> Round:
    """Let entries of a closed round be written again; what was frozen stays. Raises DomainError without a reason."""
    if not reason.strip():
        raise DomainError(f"ระบุเหตุผลที่ต้องเปิดรอบที่ {round_.number} อีกครั้ง")
    refusals = {RoundState.OPEN: "เปิดอยู่แล้ว", RoundState.PLANNED: "ยังไม่เคยเปิด"}
    return _move(actor, round_, RoundState.OPEN, "round.reopen", reason=reason, refusals=refusals)


@transaction.atomic
def close_round(*, actor: User | None, round_: Round, reason: str = "") -> StoredSnapshot:
    """Stop entries of an open round and store its snapshot as the next version; `reason` is kept in the trail."""
    refusals = {RoundState.CLOSED: "ปิดไปแล้ว จึงปิดไม่ได้อีก", RoundState.PLANNED: "ไม่ได้เปิดอยู่ จึงปิดไม่ได้"}
    _move(actor, round_, RoundState.CLOSED, "round.close", reason=reason, refusals=refusals)
    period = Period.of_round(round_.number)
    content = snapshot.to_data(build_snapshot(plan=round_.plan, period=period, round_=round_))
    earlier = StoredSnapshot.objects.filter(plan=round_.plan, period=period).count()
    stored = StoredSnapshot.objects.create(
        plan=round_.plan, period=period, version=earlier + 1, content=content, sha256=snapshot.content_hash(content)
    )
    audit.record(
        actor=actor,
        agency=round_.plan.agency,
        action="snapshot.freeze",
        target=stored,
        after={"period": period, "version": stored.version, "sha256": stored.sha256},
    )
    return stored


def _move(
    actor: User | None,
    round_: Round,
    state: RoundState,
    action: str,
    *,
    reason: str,
    refusals: dict[RoundState, str],
) -> Round:
    """Set the state and write it down; the states of `refusals` are refused with their words."""
    # The row is read again under a lock: somebody else may have been faster than the page that asks.
    before = RoundState(Round.objects.select_for_update().get(pk=round_.pk).state)
    if before in refusals:
        raise DomainError(f"รอบที่ {round_.number} {refusals[before]}")
    given = _clean(reason)
    round_.state = state
    round_.save(update_fields=["state"])
    audit.record(
        actor=actor,
        agency=round_.plan.agency,
        action=action,
        target=round_,
        before={"state": before},
        after={"state": state} | ({"reason": given} if given else {}),
    )
    return round_


def _clean(reason: str) -> str:
    clean = thai.normalise(reason).strip()
    if len(clean) > MAX_REASON:
        raise DomainError(f"เหตุผลยาว {len(clean):,} ตัวอักษร เกิน {MAX_REASON:,} ตัวอักษร ให้ย่อ")
    return clean
