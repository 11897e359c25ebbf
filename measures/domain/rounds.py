"""Opening and closing rounds; closing freezes what the reports print."""

import hashlib
import json

from django.db import transaction

from measures import snapshot
from measures.domain import audit
from measures.domain.errors import DomainError
from measures.enums import Period, RoundState
from measures.models import Round, StoredSnapshot, User
from measures.queries.snapshots import build_snapshot


@transaction.atomic
def open_round(*, actor: User | None, round_: Round) -> Round:
    """Let entries of the round be written."""
    return _change(actor, round_, RoundState.OPEN, "round.open")


@transaction.atomic
def close_round(*, actor: User | None, round_: Round) -> StoredSnapshot:
    """Stop entries of an open round and store its snapshot as the next version."""
    if not Round.objects.select_for_update().get(pk=round_.pk).is_open:
        raise DomainError(f"รอบที่ {round_.number} ไม่ได้เปิดอยู่ จึงปิดไม่ได้")
    _change(actor, round_, RoundState.CLOSED, "round.close")
    period = next(period for period in Period if period.round_number == round_.number)
    content = snapshot.to_data(build_snapshot(plan=round_.plan, period=period, round_=round_))
    earlier = StoredSnapshot.objects.filter(plan=round_.plan, period=period).count()
    stored = StoredSnapshot.objects.create(
        plan=round_.plan, period=period, version=earlier + 1, content=content, sha256=content_hash(content)
    )
    audit.record(
        actor=actor,
        agency=round_.plan.agency,
        action="snapshot.freeze",
        target=stored,
        after={"period": period, "version": stored.version, "sha256": stored.sha256},
    )
    return stored


def content_hash(content: dict[str, object]) -> str:
    """SHA-256 of a snapshot's data in canonical JSON, as hexadecimal text."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _change(actor: User | None, round_: Round, state: RoundState, action: str) -> Round:
    before = {"state": round_.state}
    round_.state = state
    round_.save(update_fields=["state"])
    audit.record(
        actor=actor,
        agency=round_.plan.agency,
        action=action,
        target=round_,
        before=before,
        after={"state": state},
    )
    return round_
