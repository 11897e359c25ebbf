"""The audit trail: every change is written here in the same transaction, one hash chain per agency."""

import hashlib
import json
from datetime import UTC
from typing import Any

from django.db import models
from django.utils import timezone

from measures.models import Agency, AuditEvent, AuditHead, User

INSTALLATION = "-"
"""The chain of changes that belong to no agency: frameworks, users."""

SYSTEM = "ระบบ"

_HASHED = (
    "chain",
    "sequence",
    "actor_id",
    "actor_label",
    "action",
    "object_kind",
    "object_id",
    "object_label",
    "before",
    "after",
    "previous_hash",
)


def record(
    *,
    actor: User | None,
    agency: Agency | None,
    action: str,
    target: models.Model,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one event to the agency's chain (the installation's without an agency); call inside the transaction.

    The chain's head row is locked, so writers of one agency take turns and those of others do not wait.
    """
    head = _locked_head(agency.slug if agency else INSTALLATION)
    event = AuditEvent(
        chain=head.chain,
        sequence=head.sequence + 1,
        at=timezone.now(),
        actor_id=actor.pk if actor else None,
        actor_label=str(actor) if actor else SYSTEM,
        action=action,
        object_kind=target._meta.model_name or "",
        object_id=target.pk,
        object_label=str(target)[:300],
        before=before,
        after=after,
        previous_hash=head.hash,
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    head.sequence, head.hash = event.sequence, event.hash
    head.save(update_fields=["sequence", "hash"])
    return event


def _locked_head(chain: str) -> AuditHead:
    AuditHead.objects.bulk_create([AuditHead(chain=chain)], ignore_conflicts=True)
    return AuditHead.objects.select_for_update().get(chain=chain)


def event_hash(event: AuditEvent) -> str:
    """SHA-256 of the event's fields and the hash before it, as hexadecimal text."""
    fields = {name: getattr(event, name) for name in _HASHED} | {"at": event.at.astimezone(UTC).isoformat()}
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def verify_chains() -> list[str]:
    """What is wrong with the trail, one Thai line each; empty when every chain holds."""
    problems = []
    heads = {head.chain: head for head in AuditHead.objects.all()}
    last: dict[str, AuditEvent] = {}
    for event in AuditEvent.objects.order_by("chain", "sequence").iterator():
        before = last.get(event.chain)
        where = f"สาย {event.chain} ลำดับ {event.sequence}"
        if event.sequence != (before.sequence + 1 if before else 1):
            problems.append(f"{where}: ลำดับขาดหายก่อนหน้านี้")
        if event.previous_hash != (before.hash if before else ""):
            problems.append(f"{where}: ไม่ต่อกับรายการก่อนหน้า")
        if event.hash != event_hash(event):
            problems.append(f"{where}: เนื้อหาถูกแก้ไข")
        last[event.chain] = event
    for chain in heads.keys() | last.keys():
        head, end = heads.get(chain), last.get(chain)
        if (head.sequence if head else 0, head.hash if head else "") != (
            end.sequence if end else 0,
            end.hash if end else "",
        ):
            problems.append(f"สาย {chain}: ท้ายสายไม่ตรงกับที่บันทึกไว้ อาจมีรายการท้ายถูกลบ")
    return problems
