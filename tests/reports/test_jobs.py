"""Exports as rows: each is taken once, held by a lease, published by its holder alone, and never lost."""

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from measures.domain.audit import verify_chains
from measures.domain.errors import DomainError
from measures.enums import Role
from measures.models import AuditEvent
from reports.background import jobs
from reports.background.asking import Ask, ask_for_many, ask_for_report
from reports.models import Export, ExportState, export_folder
from tests.factories import World

READY, RUNNING, SUCCESSFUL = TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.SUCCESSFUL


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = settings.VAR_DIR = tmp_path
    return tmp_path / "exports"


@pytest.fixture
def ask(world: World) -> Ask:
    return ask_for_report(world.plan, period="round1", layout="", format="xlsx", allow_partial=False)


@pytest.fixture
def queued(world: World, ask: Ask) -> Export:
    return jobs.start(actor=world.users[Role.CLERK], ask=ask)


@pytest.fixture
def held(queued: Export) -> Export:
    """The export as its worker holds it."""
    found = jobs.take(queued.pk)
    assert found is not None
    return found


def let_lapse(export: Export) -> None:
    """As if its worker had been silent for longer than a lease."""
    Export.objects.filter(pk=export.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def task_of(export: Export) -> DBTaskResult:
    return DBTaskResult.objects.get(pk=Export.objects.get(pk=export.pk).task_id)


def claim(export: Export, *, ago: timedelta) -> None:
    """As if a worker had claimed the task then."""
    DBTaskResult.objects.filter(pk=task_of(export).pk).update(status=RUNNING, started_at=timezone.now() - ago)


def state_of(export: Export) -> tuple[str, int]:
    row = Export.objects.get(pk=export.pk)
    return row.state, row.attempts


def publish(export: Export, content: bytes = b"made") -> bool:
    part = jobs.part_of(export)
    part.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return jobs.publish(export, part, sha256=sha256, size=len(content), notes="", total=1)


def test_start_leaves_a_row_a_task_and_a_trace(world: World, queued: Export) -> None:
    assert state_of(queued) == (ExportState.QUEUED, 0)
    assert list(queued.plans.all()) == [world.plan]
    task = task_of(queued)
    assert (task.status, task.task_path, task.args_kwargs["args"]) == (
        READY,
        "reports.background.tasks.run_export",
        [queued.pk],
    )
    event = AuditEvent.objects.get(action="export.start")
    assert (event.chain, event.object_id) == (world.agency.slug, queued.pk)
    assert event.after == {
        "file": f"{world.agency.slug}-{world.plan.year}-round1.xlsx",
        "agencies": [world.agency.slug],
    }
    assert verify_chains() == []


def test_start_again_is_the_same_export_until_it_is_finished(world: World, ask: Ask, queued: Export) -> None:
    clerk = world.users[Role.CLERK]
    assert jobs.start(actor=clerk, ask=ask) == queued
    assert jobs.start(actor=world.users[Role.HEAD], ask=ask) != queued
    jobs.cancel(actor=clerk, export=queued)
    assert jobs.start(actor=clerk, ask=ask) != queued


def test_the_database_holds_one_unfinished_export_of_an_ask(queued: Export) -> None:
    twin = Export.objects.get(pk=queued.pk)
    twin.pk, twin.uuid, twin.file_name = None, "0" * 32, "other"
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        twin.save(force_insert=True)


def test_take_gives_the_export_to_one(queued: Export) -> None:
    first = jobs.take(queued.pk)
    assert first is not None
    assert jobs.take(queued.pk) is None
    assert state_of(queued) == (ExportState.RUNNING, 1)
    assert jobs.renew(first, done=0, total=1)


def test_take_gives_a_lapsed_lease_to_another(held: Export) -> None:
    let_lapse(held)
    second = jobs.take(held.pk)
    assert second is not None
    assert second.token != held.token
    assert state_of(held) == (ExportState.RUNNING, 2)


LATE: list[Callable[[Export], bool]] = [
    lambda export: jobs.renew(export, done=1, total=1),
    lambda export: jobs.fail(export, "ช้าไป"),
    jobs.give_back,
    publish,
]


@pytest.mark.parametrize("write", LATE, ids=["renew", "fail", "give_back", "publish"])
@pytest.mark.parametrize("lost", ["taken", "cancelled"])
def test_who_lost_the_lease_writes_nothing(
    world: World, held: Export, write: Callable[[Export], bool], lost: str
) -> None:
    if lost == "taken":
        let_lapse(held)
        assert jobs.take(held.pk) is not None
    else:
        jobs.cancel(actor=world.users[Role.CLERK], export=held)
    before = Export.objects.filter(pk=held.pk).values().get()
    assert not write(held)
    assert Export.objects.filter(pk=held.pk).values().get() == before
    assert not held.path.exists()


def test_publish_puts_the_part_in_its_place(held: Export) -> None:
    assert publish(held, b"whole")
    row = Export.objects.get(pk=held.pk)
    assert (row.state, row.done, row.total, row.size) == (ExportState.DONE, 1, 1, 5)
    assert row.sha256 == hashlib.sha256(row.path.read_bytes()).hexdigest()
    assert [path.name for path in export_folder().iterdir()] == [row.path.name]


def test_publish_changes_nothing_when_the_file_cannot_be_placed(held: Export) -> None:
    with pytest.raises(FileNotFoundError):
        jobs.publish(held, jobs.part_of(held), sha256="0" * 64, size=1, notes="", total=1)
    assert state_of(held) == (ExportState.RUNNING, 1)


def test_made_again_after_a_crash_between_rename_and_commit_is_one_file(held: Export) -> None:
    """The rename stands, the row does not: the next attempt replaces the file in the same place."""
    held.path.write_bytes(b"of the attempt that crashed")
    let_lapse(held)
    second = jobs.take(held.pk)
    assert second is not None
    assert publish(second, b"made again")
    assert [path.read_bytes() for path in export_folder().iterdir()] == [b"made again"]


def test_take_throws_away_what_the_dead_left(held: Export) -> None:
    jobs.part_of(held).write_bytes(b"half")
    let_lapse(held)
    assert jobs.take(held.pk) is not None
    assert list(export_folder().iterdir()) == []


def test_cancel_leaves_a_trace_and_cannot_be_done_twice(world: World, held: Export) -> None:
    clerk = world.users[Role.CLERK]
    jobs.cancel(actor=clerk, export=held)
    assert state_of(held)[0] == ExportState.CANCELLED
    assert AuditEvent.objects.get(action="export.cancel").actor_id == clerk.pk
    with pytest.raises(DomainError, match="ยกเลิกไม่ได้"):
        jobs.cancel(actor=clerk, export=held)
    assert AuditEvent.objects.filter(action="export.cancel").count() == 1
    assert jobs.take(held.pk) is None


def test_reap_leaves_the_living_alone(held: Export) -> None:
    claim(held, ago=timedelta(hours=1))
    jobs.reap()
    assert (state_of(held), task_of(held).status) == ((ExportState.RUNNING, 1), RUNNING)


def test_reap_puts_the_work_of_the_dead_back(held: Export) -> None:
    claim(held, ago=timedelta(hours=1))
    let_lapse(held)
    jobs.reap()
    assert (state_of(held), task_of(held).status) == ((ExportState.QUEUED, 1), READY)
    assert jobs.take(held.pk) is not None


def test_reap_gives_up_after_the_last_attempt_in_thai(queued: Export) -> None:
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.reap()
        held = jobs.take(queued.pk)
        assert held is not None
        jobs.part_of(held).write_bytes(b"half")
        let_lapse(held)
    jobs.reap()
    row = Export.objects.get(pk=queued.pk)
    assert (row.state, row.message) == (ExportState.FAILED, jobs.GAVE_UP)
    assert list(export_folder().iterdir()) == []
    assert jobs.take(queued.pk) is None


def test_reap_waits_for_a_worker_that_claimed_a_moment_ago(queued: Export) -> None:
    claim(queued, ago=timedelta(seconds=1))
    jobs.reap()
    assert task_of(queued).status == RUNNING
    claim(queued, ago=jobs.LEASE + timedelta(seconds=1))
    jobs.reap()
    assert task_of(queued).status == READY


@pytest.mark.parametrize("status", [SUCCESSFUL, TaskResultStatus.FAILED])
def test_reap_wakes_a_task_that_ended_without_its_export(queued: Export, status: str) -> None:
    DBTaskResult.objects.update(status=status, started_at=timezone.now(), finished_at=timezone.now())
    jobs.reap()
    assert task_of(queued).status == READY


def test_reap_asks_anew_for_a_task_that_is_gone(queued: Export) -> None:
    DBTaskResult.objects.all().delete()
    jobs.reap()
    assert task_of(queued).status == READY


def test_give_back_does_not_count_the_attempt(held: Export) -> None:
    assert jobs.give_back(held)
    assert state_of(held) == (ExportState.QUEUED, 0)


def test_short_exports_come_first(world: World, queued: Export) -> None:
    admin = world.users[Role.ADMIN]
    both = [world.plan, world.other_plan]
    bundle = jobs.start(actor=admin, ask=ask_for_many(both, period="", format="pdf", data=False))
    table = jobs.start(actor=admin, ask=ask_for_many(both, period="", format="", data=True))
    order = [task.args_kwargs["args"][0] for task in DBTaskResult.objects.ready()]
    assert order == [queued.pk, table.pk, bundle.pk]
    assert jobs.shorter_waiting() == [queued.pk, table.pk]


def age(path: Path, by: timedelta) -> None:
    then = (timezone.now() - by).timestamp()
    os.utime(path, (then, then))


def test_sweep_removes_expired_files_and_strays(held: Export, media: Path) -> None:
    publish(held)
    kept = Export.objects.get(pk=held.pk).path
    age(kept, timedelta(days=3))
    stray, fresh = media / "stray.pdf", media / ".fresh.part"
    for path in (stray, fresh):
        path.write_bytes(b"x")
    age(stray, timedelta(hours=2))
    jobs.sweep()
    assert sorted(media.iterdir()) == sorted([kept, fresh])
    Export.objects.update(finished_at=timezone.now() - jobs.KEEP_FILE - timedelta(hours=1))
    jobs.sweep()
    assert list(media.iterdir()) == [fresh]
    row = Export.objects.get(pk=held.pk)
    assert (row.state, row.is_there) == (ExportState.DONE, False)
    Export.objects.update(finished_at=timezone.now() - jobs.KEEP_ROW - timedelta(hours=1))
    jobs.sweep()
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "RUNNING"},
        {"token": "somebody"},
        {"state": "DONE", "finished_at": timezone.now()},
        {"state": "FAILED"},
        {"done": 2},
        {"state": "LOST"},
        {"kind": "poem"},
    ],
)
def test_the_database_refuses_rows_that_mean_nothing(queued: Export, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=queued.pk).update(**wrong)
