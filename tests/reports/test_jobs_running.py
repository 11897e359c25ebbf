"""Making the file: the right one, the same one again, stopped where asked, and an end with a reason when it fails."""

import hashlib
import io
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from measures.enums import Role
from measures.models import PlanLayout
from reports.background import jobs, running
from reports.background.asking import Ask, ask_for_many, ask_for_report
from reports.background.running import Hold, Lost, Stopped
from reports.choice import choose
from reports.export import export
from reports.models import Export, ExportState, export_folder
from tests import factories
from tests.factories import World

# The lease is renewed by a thread with a connection of its own, which sees committed rows only.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = settings.VAR_DIR = tmp_path


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "RENEW", 0.02)


def report_of(world: World, format: str = "xlsx") -> Ask:
    return ask_for_report(world.plan, period="round1", layout="", format=format, allow_partial=False)


def bundle_of(world: World, period: str = "round1") -> Ask:
    return ask_for_many([world.plan, world.other_plan], period=period, format="xlsx", data=False)


def made(world: World, ask: Ask) -> Export:
    """The export as it stands after its run."""
    row = jobs.start(actor=world.users[Role.ADMIN], ask=ask)
    running.run(row.pk)
    return Export.objects.get(pk=row.pk)


def files() -> list[str]:
    return sorted(path.name for path in export_folder().iterdir())


def expected(world: World) -> bytes:
    from measures.queries.snapshots import snapshot_for

    period, layout = choose(world.plan, "round1")
    return export(snapshot_for(plan=world.plan, period=period), layout, "xlsx")


def test_report_is_the_file_of_the_report_page(world: World) -> None:
    row = made(world, report_of(world))
    assert (row.state, row.done, row.total, row.attempts) == (ExportState.DONE, 1, 1, 1)
    content = row.path.read_bytes()
    assert content == expected(world)
    assert (row.sha256, row.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert files() == [row.path.name]


def test_bundle_holds_every_report_and_is_the_same_again(world: World) -> None:
    first, second = made(world, bundle_of(world)), made(world, bundle_of(world))
    assert first.sha256 == second.sha256
    with zipfile.ZipFile(io.BytesIO(first.path.read_bytes())) as archive:
        names = [f"{plan.agency.slug}-{plan.year}-round1.xlsx" for plan in (world.other_plan, world.plan)]
        assert archive.namelist() == names
        assert archive.read(names[1]) == expected(world)
    assert (first.done, first.total, first.notes) == (2, 2, "")


def test_bundle_names_the_agencies_that_have_no_report(world: World) -> None:
    PlanLayout.objects.filter(plan=world.other_plan).delete()
    row = made(world, bundle_of(world))
    assert row.state == ExportState.DONE
    assert row.notes.startswith(f"{world.other.name}: ")
    with zipfile.ZipFile(row.path) as archive:
        assert archive.namelist() == [f"{world.agency.slug}-{world.plan.year}-round1.xlsx", "ไม่มีรายงาน.txt"]
        assert archive.read("ไม่มีรายงาน.txt").decode() == row.notes


def test_bundle_of_nothing_fails_and_says_why(world: World) -> None:
    row = made(world, bundle_of(world, "plan"))  # the form of both is not made for it
    assert row.state == ExportState.FAILED
    assert world.agency.name in row.message
    assert files() == []


def test_items_without_a_place_in_the_form_fail_the_report_by_name(world: World) -> None:
    factories.make_item(world.plan, target=world.plan.framework.oit_items.first())
    refused = made(world, report_of(world))
    assert (refused.state, "รายการเปิดเผยที่ ๑" in refused.message) == (ExportState.FAILED, True)
    partial = ask_for_report(world.plan, period="round1", layout="", format="xlsx", allow_partial=True)
    assert made(world, partial).state == ExportState.DONE


def test_run_again_does_nothing_to_a_finished_export(world: World) -> None:
    row = made(world, report_of(world))
    before = row.path.stat().st_mtime_ns
    running.run(row.pk)
    assert row.path.stat().st_mtime_ns == before
    assert Export.objects.get(pk=row.pk).finished_at == row.finished_at


def test_place_that_cannot_be_written_fails_in_thai(world: World) -> None:
    row = jobs.start(actor=world.users[Role.ADMIN], ask=report_of(world))
    row.path.mkdir()  # where the file belongs
    running.run(row.pk)
    failed = Export.objects.get(pk=row.pk)
    assert (failed.state, "เขียนแฟ้มไม่ได้" in failed.message) == (ExportState.FAILED, True)
    assert files() == [row.path.name]


def test_fault_of_our_own_fails_the_export_and_is_raised(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = jobs.start(actor=world.users[Role.ADMIN], ask=report_of(world))

    def broken(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(running.MAKERS, running.ExportKind.REPORT, broken)
    with pytest.raises(ZeroDivisionError):
        running.run(row.pk)
    failed = Export.objects.get(pk=row.pk)
    assert (failed.state, "ระบบขัดข้อง" in failed.message) == (ExportState.FAILED, True)


def test_hold_outlasts_its_lease_and_tells_how_far_it_is(world: World) -> None:
    row = jobs.start(actor=world.users[Role.ADMIN], ask=bundle_of(world))
    held = jobs.take(row.pk)
    assert held is not None
    with Hold(held) as hold:
        hold.reached(1)
        assert wait_for(lambda: Export.objects.get(pk=row.pk).done == 1)
        first = Export.objects.get(pk=row.pk).lease_until
        assert wait_for(lambda: Export.objects.get(pk=row.pk).lease_until > first)


def go_on(hold: Hold) -> str:
    """Part after part, until the hold says that it is enough."""
    while True:
        hold.reached(1)
        time.sleep(0.01)


def test_cancelled_export_is_noticed_between_two_parts(world: World) -> None:
    row = jobs.start(actor=world.users[Role.ADMIN], ask=bundle_of(world))
    held = jobs.take(row.pk)
    assert held is not None
    with Hold(held) as hold:
        hold.reached(0)
        jobs.cancel(actor=world.users[Role.ADMIN], export=row)
        with pytest.raises(Lost):
            go_on(hold)


def test_export_cancelled_while_it_is_made_leaves_no_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = jobs.start(actor=world.users[Role.ADMIN], ask=report_of(world))

    def slow(held: Export, part: Path, hold: Hold) -> str:
        part.write_bytes(b"half")
        jobs.cancel(actor=world.users[Role.ADMIN], export=row)
        return go_on(hold)

    monkeypatch.setitem(running.MAKERS, running.ExportKind.REPORT, slow)
    running.run(row.pk)
    assert Export.objects.get(pk=row.pk).state == ExportState.CANCELLED
    assert files() == []


@pytest.fixture
def stopping() -> Iterator[None]:
    running.stopping.set()
    yield
    running.stopping.clear()


def test_worker_that_ends_gives_its_export_back(world: World, stopping: None) -> None:
    row = made(world, bundle_of(world))
    assert (row.state, row.attempts, files()) == (ExportState.QUEUED, 0, [])


def test_hold_raises_stopped_when_the_worker_ends(world: World, stopping: None) -> None:
    held = jobs.take(jobs.start(actor=world.users[Role.ADMIN], ask=bundle_of(world)).pk)
    assert held is not None
    with Hold(held) as hold, pytest.raises(Stopped):
        hold.reached(0)


def test_long_export_makes_way_for_a_short_one(world: World) -> None:
    bundle = jobs.start(actor=world.users[Role.ADMIN], ask=bundle_of(world))
    report = jobs.start(actor=world.users[Role.CLERK], ask=report_of(world))
    running.run(bundle.pk)
    report.refresh_from_db()
    bundle.refresh_from_db()
    assert (report.state, bundle.state) == (ExportState.DONE, ExportState.DONE)
    assert report.finished_at < bundle.finished_at
    running.run(report.pk)  # its own task, when it comes to its turn
    assert Export.objects.get(pk=report.pk).attempts == 1


def wait_for(true: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
