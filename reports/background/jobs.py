"""Exports from the asking to the last of the file: each change of state is one short compare-and-set UPDATE.

A worker holds an export by a token and a lease that it renews while it works (see running.py). Whoever lost the lease,
was cancelled or comes second finds no row to write to; so there is one file to an export, whatever dies when.
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from measures.domain import audit
from measures.domain.errors import DomainError
from measures.models import User
from reports.background.asking import Ask
from reports.background.tasks import run_export
from reports.models import UNFINISHED, Export, ExportKind, ExportState, export_folder

LEASE = timedelta(seconds=6)  # three missed renewals: a dead worker is noticed, a busy one is not robbed
MAX_ATTEMPTS = 3
MAX_WAITING = 5  # unfinished exports of one person: the queue is everybody's
KEEP_FILE = timedelta(days=7)
KEEP_ROW = timedelta(days=90)
STRAY = timedelta(hours=1)  # a file that no row names is younger than this while it is being written
SHORT_FIRST = {ExportKind.REPORT: 10, ExportKind.DATA: 5, ExportKind.BUNDLE: 0}

GAVE_UP = (
    f"ทำแฟ้มไม่สำเร็จ เพราะโปรแกรมหยุดกลางคัน {MAX_ATTEMPTS} ครั้ง (เช่น หน่วยความจำไม่พอ) ลองเลือกหน่วยงานให้น้อยลง หรือแจ้งผู้ดูแลระบบ"
)


def start(*, actor: User, ask: Ask) -> Export:
    """Put an export into the queue; the same one asked for again before it is finished is the same one.

    Raises DomainError where the person already waits for too many.
    """
    for _ in range(2):
        waiting = Export.objects.filter(user=actor, state__in=UNFINISHED)
        same = waiting.filter(ask=ask.fingerprint).first()
        if same is not None:
            return same
        if waiting.count() >= MAX_WAITING:
            raise DomainError(f"ท่านมีแฟ้มที่ยังทำไม่เสร็จ {MAX_WAITING} แฟ้ม รอให้เสร็จหรือยกเลิกก่อน แล้วส่งออกใหม่")
        try:
            return _create(actor, ask)
        except IntegrityError:
            continue  # asked for twice at once: the other request was first
    raise DomainError("ยังส่งออกไม่ได้ ลองอีกครั้ง")


@transaction.atomic
def _create(actor: User, ask: Ask) -> Export:
    export = Export.objects.create(
        user=actor,
        kind=ask.kind,
        plan_count=len(ask.plans),
        period=ask.period,
        layout=ask.layout,
        format=ask.format,
        allow_partial=ask.allow_partial,
        label=ask.label,
        download_name=ask.download_name,
        ask=ask.fingerprint,
        total=len(ask.plans),
    )
    export.plans.set(ask.plans)
    _record(actor, export, "export.start", {"file": export.download_name, "agencies": ask.slugs})
    _enqueue(export)
    return export


@transaction.atomic
def cancel(*, actor: User, export: Export) -> None:
    """Stop an export; who works on it notices at its next renewal. Raises DomainError when it is finished."""
    stopped = Export.objects.filter(pk=export.pk, state__in=UNFINISHED).update(
        state=ExportState.CANCELLED, token="", lease_until=None, finished_at=timezone.now()
    )
    if not stopped:
        raise DomainError("แฟ้มนี้ทำเสร็จหรือหยุดไปแล้ว จึงยกเลิกไม่ได้")
    _record(actor, export, "export.cancel", {"file": export.download_name})


def _record(actor: User, export: Export, action: str, after: dict[str, object]) -> None:
    """One event: in the agency's chain, or in the installation's, naming all agencies, where there are several.

    An event in each of 300 chains would lock all of them at once.
    """
    plans = export.plans.select_related("agency")
    agency = plans[0].agency if export.plan_count == 1 else None
    audit.record(actor=actor, agency=agency, action=action, target=export, after=after)


def _enqueue(export: Export) -> None:
    task = run_export.using(priority=SHORT_FIRST[ExportKind(export.kind)]).enqueue(export.pk)
    Export.objects.filter(pk=export.pk).update(task_id=task.id)


def take(pk: int) -> Export | None:
    """The export, held by the caller for LEASE; None when it is held by another, finished, or given up."""
    now, token = timezone.now(), secrets.token_hex(16)
    free = Q(state=ExportState.QUEUED) | Q(state=ExportState.RUNNING, lease_until__lt=now)
    taken = Export.objects.filter(free, pk=pk, attempts__lt=MAX_ATTEMPTS).update(
        state=ExportState.RUNNING,
        token=token,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
        started_at=now,
        done=0,
    )
    if not taken:
        return None
    export = Export.objects.filter(pk=pk, token=token).first()
    if export is not None:
        _discard_parts(export)  # of attempts that hold the export no longer, whether they know it or not
    return export


def shorter_waiting() -> list[int]:
    """The waiting exports that are not of many reports, in the order of asking."""
    waiting = Export.objects.filter(state=ExportState.QUEUED).exclude(kind=ExportKind.BUNDLE)
    return list(waiting.order_by("created_at").values_list("pk", flat=True))


def held(export: Export) -> QuerySet[Export]:
    """The row as long as the caller's hold on it lasts."""
    return Export.objects.filter(pk=export.pk, token=export.token, state=ExportState.RUNNING)


def renew(export: Export, *, done: int, total: int) -> bool:
    """Hold the export for another LEASE and tell how far it is; False when the hold is lost."""
    return bool(held(export).update(lease_until=timezone.now() + LEASE, done=min(done, total), total=total))


def part_of(export: Export) -> Path:
    """Where the file is written before it is whole: beside its place, so that putting it there is one rename."""
    return export_folder() / f".{export.file_name}.{export.token}.part"


@transaction.atomic
def publish(export: Export, part: Path, *, sha256: str, size: int, notes: str, total: int) -> bool:
    """Put the finished part in the result's place; False, with nothing changed, when the hold is lost.

    The rename happens while the row is locked: nobody else can take or publish it, and a crash between rename and
    commit leaves an export that is made again into the same place.
    """
    published = held(export).update(
        state=ExportState.DONE,
        token="",
        lease_until=None,
        finished_at=timezone.now(),
        sha256=sha256,
        size=size,
        notes=notes,
        done=total,
        total=total,
    )
    if published:
        os.replace(part, export.path)
    return bool(published)


def fail(export: Export, message: str) -> bool:
    """End an export that cannot be made; `message` is Thai and says what to do."""
    return _fail(held(export), message)


def _fail(rows: QuerySet[Export], message: str) -> bool:
    now = timezone.now()
    ended = {"state": ExportState.FAILED, "token": "", "lease_until": None, "finished_at": now, "message": message}
    return bool(rows.update(**ended))


def give_back(export: Export) -> bool:
    """Let another worker take the export from the start; the attempt does not count."""
    return bool(
        held(export).update(state=ExportState.QUEUED, token="", lease_until=None, done=0, attempts=F("attempts") - 1)
    )


def reap() -> None:
    """Put back into the queue what nobody works on any more; give up what was tried too often.

    The queue alone would leave the task of a killed worker RUNNING for ever.
    """
    now = timezone.now()
    for export in Export.objects.filter(state=ExportState.RUNNING, lease_until__lt=now):
        dead = held(export).filter(lease_until__lt=now)  # and not renewed, or taken, since it was read
        if export.attempts < MAX_ATTEMPTS:
            dead.update(state=ExportState.QUEUED, token="", lease_until=None, done=0)
        elif _fail(dead, GAVE_UP):
            _discard_parts(export)
    for export in Export.objects.filter(state=ExportState.QUEUED):
        _see_to_task(export)


def _see_to_task(export: Export) -> None:
    """A waiting export has a waiting task; one that was claimed a moment ago is about to take its export."""
    task = DBTaskResult.objects.filter(pk=export.task_id) if export.task_id else DBTaskResult.objects.none()
    state = task.values_list("status", "started_at").first()
    if state is None:
        _enqueue(export)
        return
    status, started = state
    claimed = status == TaskResultStatus.RUNNING and started is not None and started > timezone.now() - LEASE
    if status != TaskResultStatus.READY and not claimed:
        task.filter(status=status, started_at=started).update(status=TaskResultStatus.READY)


def sweep() -> None:
    """Remove files whose time is over, files that no row names, and rows and tasks of long ago."""
    now = timezone.now()
    old = Export.objects.filter(state=ExportState.DONE, removed_at__isnull=True, finished_at__lt=now - KEEP_FILE)
    for export in old:
        if old.filter(pk=export.pk).update(removed_at=now):
            export.path.unlink(missing_ok=True)
    kept = {export.path for export in Export.objects.filter(state=ExportState.DONE, removed_at__isnull=True)}
    for path in export_folder().iterdir():
        if path not in kept and path.stat().st_mtime < (now - STRAY).timestamp():
            path.unlink(missing_ok=True)
    Export.objects.exclude(state__in=UNFINISHED).filter(finished_at__lt=now - KEEP_ROW).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_ROW).delete()


def _discard_parts(export: Export) -> None:
    for path in export_folder().glob(f".{export.file_name}.*.part"):
        path.unlink(missing_ok=True)
