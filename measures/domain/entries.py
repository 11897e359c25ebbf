"""Writing what was done: one entry per work item and round, never over somebody else's text."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction

from measures import thai
from measures.domain import audit
from measures.domain.errors import DomainError, RoundClosed, VersionConflict
from measures.enums import Status
from measures.models import Evidence, ProgressEntry, Round, User, WorkItem

MAX_TEXT = 20_000
"""Characters of a result or outcome; more is not a cell of a report."""


@dataclass(frozen=True)
class EvidenceInput:
    """A labelled link and the day the evidence is from."""

    label: str
    url: str
    dated: date | None = None


@transaction.atomic
def save_entry(
    *,
    actor: User | None,
    item: WorkItem,
    round_: Round,
    expected_version: int,
    status: Status | None,
    result: str | None,
    outcome: str | None,
    evidence: Sequence[EvidenceInput] = (),
    status_reason: str = "",
) -> ProgressEntry:
    """Write the entry of an item in a round and its evidence; `expected_version` is the one the writer saw (0: none).

    Raises RoundClosed when the round takes nothing, VersionConflict when somebody saved in between, DomainError
    for a text over MAX_TEXT characters or a link that is not http(s). Nothing is written then.
    """
    _check_open(item, round_)
    result, outcome = _text(result, "ผลการดำเนินการ"), _text(outcome, "ผลลัพธ์")
    entry = ProgressEntry.objects.select_for_update().filter(work_item=item, round=round_).first()
    if (entry.version if entry else 0) != expected_version:
        raise VersionConflict(entry)
    before = entry_data(entry) if entry else None
    if entry is None:
        # A second writer of the first version meets the unique constraint, which on PostgreSQL waits for the first.
        entry, created = ProgressEntry.objects.get_or_create(work_item=item, round=round_)
        if not created:
            raise VersionConflict(entry)
    else:
        entry.version += 1
        result, outcome = _kept(entry.result, result), _kept(entry.outcome, outcome)
    entry.status, entry.status_reason = status, status_reason
    entry.result, entry.outcome = result, outcome
    entry.updated_by = actor
    entry.save()
    _replace_evidence(entry, evidence)
    audit.record(
        actor=actor,
        agency=item.plan.agency,
        action="entry.save",
        target=entry,
        before=before,
        after=entry_data(entry),
    )
    return entry


def entry_data(entry: ProgressEntry) -> dict[str, Any]:
    """The entry as the audit trail keeps it."""
    return {
        "version": entry.version,
        "status": entry.status,
        "result": entry.result,
        "outcome": entry.outcome,
        "evidence": [
            {"label": row.label, "url": row.url, "dated": row.dated.isoformat() if row.dated else None}
            for row in entry.evidence.all()
        ],
    }


def _check_open(item: WorkItem, round_: Round) -> None:
    # The row is read again under a lock: a round that closes meanwhile either waits for this write or refuses it.
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    if locked.plan_id != item.plan_id:
        raise DomainError("รอบรายงานนี้ไม่ใช่ของแผนเดียวกับรายการ")
    if not locked.is_open:
        raise RoundClosed(f"รอบที่ {locked.number} ไม่ได้เปิดรับรายงาน ติดต่อเจ้าหน้าที่ ITA ของหน่วยงานเพื่อเปิดรอบ")


def _text(text: str | None, what: str) -> str | None:
    if text is None:
        return None
    clean = thai.normalise(text)
    if len(clean) > MAX_TEXT:
        raise DomainError(f"{what}ยาว {len(clean):,} ตัวอักษร เกิน {MAX_TEXT:,} ตัวอักษร ให้ย่อหรือแนบเป็นหลักฐาน")
    return clean


def _kept(stored: str | None, typed: str | None) -> str | None:
    """NULL stays NULL when nothing was typed: a form shows both NULL and '' as an empty field."""
    return None if stored is None and not typed else typed


def _replace_evidence(entry: ProgressEntry, evidence: Sequence[EvidenceInput]) -> None:
    rows = []
    for position, given in enumerate(evidence, start=1):
        if not thai.is_http_url(given.url):
            raise DomainError(f"หลักฐานที่ {position}: ลิงก์ต้องขึ้นต้นด้วย http:// หรือ https:// และไม่มีช่องว่าง")
        rows.append(
            Evidence(entry=entry, position=position, **(asdict(given) | {"label": thai.normalise(given.label)}))
        )
    entry.evidence.all().delete()
    Evidence.objects.bulk_create(rows)
