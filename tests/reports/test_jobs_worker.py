"""The worker as a process of its own: killed, ended, started by `serve`; each export becomes one file all the same."""

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.operations.conftest import MANAGE, Place, new_place  # noqa: F401  a fixture
from tests.operations.test_start import children_of, free_port

AGENCIES = 12
ITEMS = 15
ROWS = 20_000
MEMORY = 300  # MiB

SEED = """
from measures.enums import Role
from measures.models import ProgressEntry, Step, WorkItem
from tests import factories
for number in range({agencies}):
    plan = factories.make_plan(factories.make_agency(f"a{{number:03}}"))
    measure, round_ = factories.make_measure(plan), factories.round_of(plan)
    items = WorkItem.objects.bulk_create(
        WorkItem(plan=plan, measure=measure, position=number + 1, responsible="สำนักปลัด") for number in range({items})
    )
    Step.objects.bulk_create(Step(work_item=item, position=1, label="๑.", text="จัดทำประกาศ " * 30) for item in items)
    ProgressEntry.objects.bulk_create(
        ProgressEntry(work_item=item, round=round_, status="DONE", result=f"ผลที่ {{item.position}} " * 40)
        for item in items
    )
factories.make_user(Role.ADMIN)
"""

START = """
from measures.models import Plan, User
from reports.background import jobs
from reports.background.asking import ask_for_many
plans = list(Plan.objects.select_related("agency"))
ask = ask_for_many(plans, period="round1", format="pdf", data={data})
print("pk", jobs.start(actor=User.objects.get(), ask=ask).pk)
"""

RUN = """
from reports.background import running
running.run({pk})
print("peak", next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""

LOOP = """
import time
from reports.background import jobs
from reports.background import running
running.RENEW, running.STUCK = 0.05, 0.3
with running.Hold(jobs.take({pk})):
    time.sleep(60)
"""


def shell(place: Place, code: str, **options: Any) -> list[str]:
    """What a script said last, in words."""
    said = place.manage("shell", "--verbosity", "0", "-c", code, **options).stdout.split("\n")
    return next((line.split() for line in reversed(said) if line.strip()), [])


def start(place: Place, *, data: bool = False) -> int:
    return int(shell(place, START.format(data=data))[1])


def row(place: Place, pk: int) -> dict[str, Any]:
    """The export as it stands, read past Django: this process is connected elsewhere."""
    query = f"SELECT state, attempts, done, total, file_name, sha256, message FROM reports_export WHERE id = {pk}"
    names = ("state", "attempts", "done", "total", "file_name", "sha256", "message")
    if place.database_url.startswith("sqlite"):
        with closing(sqlite3.connect(place.var / "db.sqlite3", timeout=30)) as database:
            return dict(zip(names, database.execute(query).fetchone(), strict=True))
    import psycopg

    with psycopg.connect(place.database_url) as server:
        found = server.execute(query).fetchone()
        assert found is not None
        return dict(zip(names, found, strict=True))


def wait_for(true: Callable[[], Any], seconds: float = 120) -> float:
    """Seconds until it is true."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "it never happened"
        time.sleep(0.05)
    return time.monotonic() - begun


@contextmanager
def running(place: Place, *command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """manage.py at work; ended afterwards whatever happened."""
    process = subprocess.Popen(
        [sys.executable, str(MANAGE), *command],
        env=place.environment | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        said = process.communicate(timeout=60)[0].decode()
        assert "Traceback" not in said, said


def assert_one_whole_file(place: Place, pk: int) -> Path:
    made = row(place, pk)
    path = place.var / "media" / "exports" / f"{made['file_name']}.zip"
    assert [file.name for file in path.parent.iterdir() if made["file_name"] in file.name] == [path.name]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == made["sha256"]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == AGENCIES
    return path


@pytest.fixture(scope="module")
def place(new_place: Callable[[], Place]) -> Place:  # noqa: F811
    """A database with agencies whose reports take some seconds together."""
    place = new_place()
    place.manage("migrate", "--verbosity", "0")
    shell(place, SEED.format(agencies=AGENCIES, items=ITEMS))
    return place


def in_the_middle(place: Place, pk: int) -> bool:
    """Whether some of the reports are written and not all."""
    found = row(place, pk)
    assert found["state"] in ("QUEUED", "RUNNING"), f"too quick to be killed: {found}"
    folder = place.var / "media" / "exports"
    return any(part.stat().st_size for part in folder.glob(f".{found['file_name']}.*.part"))


def test_killed_worker_is_noticed_in_ten_seconds_and_its_export_made_once(place: Place) -> None:
    pk = start(place)
    with running(place, "worker") as first, running(place, "worker") as second:
        wait_for(lambda: in_the_middle(place, pk))
        victim, heir = (first, second) if holds(place, first.pid) else (second, first)
        victim.kill()
        assert wait_for(lambda: row(place, pk)["attempts"] == 2) < 10
        wait_for(lambda: row(place, pk)["state"] == "DONE")
        assert heir.poll() is None
        assert_one_whole_file(place, pk)


def holds(place: Place, pid: int) -> bool:
    """Whether that process writes a part."""
    parts = [os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")]
    return any(name.endswith(".part") for name in parts)


def test_serve_starts_a_worker_and_another_when_it_is_killed(place: Place) -> None:
    pk = start(place)
    with running(place, "serve", PORT=str(free_port()), DEMO="", DEBUG="1") as serve:
        wait_for(lambda: in_the_middle(place, pk))
        worker = next(child for child in children_of(serve.pid) if holds(place, child))
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: row(place, pk)["state"] == "DONE")
        assert row(place, pk)["attempts"] == 2
        assert_one_whole_file(place, pk)


def test_worker_that_is_asked_to_end_gives_its_export_back(place: Place) -> None:
    pk = start(place)
    with running(place, "worker") as process:
        wait_for(lambda: in_the_middle(place, pk))
        process.terminate()
        assert process.wait(timeout=60) == 0
    found = row(place, pk)
    assert (found["state"], found["attempts"]) == ("QUEUED", 0)
    assert [path.name for path in (place.var / "media" / "exports").glob(".*")] == []
    with running(place, "worker"):
        wait_for(lambda: row(place, pk)["state"] == "DONE")
    assert_one_whole_file(place, pk)


def test_worker_refuses_a_database_that_is_not_migrated(new_place: Callable[[], Place]) -> None:  # noqa: F811
    done = new_place().manage("worker", check=False)
    assert done.returncode == 1
    assert "manage.py migrate" in done.stderr


def test_process_that_gets_nowhere_ends_itself(place: Place) -> None:
    pk = start(place, data=True)
    done = place.manage("shell", "--verbosity", "0", "-c", LOOP.format(pk=pk), check=False)
    assert (done.returncode, "ไม่คืบหน้า" in done.stdout) == (1, True)


def test_table_of_twenty_thousand_items_opens_and_takes_bounded_memory(
    new_place: Callable[[], Place],  # noqa: F811
) -> None:
    place = new_place()
    place.manage("migrate", "--verbosity", "0")
    shell(place, SEED.format(agencies=1, items=ROWS))
    pk = start(place, data=True)
    peak = int(shell(place, RUN.format(pk=pk))[1]) / 1024
    assert peak < MEMORY
    made = row(place, pk)
    assert (made["state"], made["done"]) == ("DONE", made["total"]), json.dumps(made, ensure_ascii=False)
    book = load_workbook(place.var / "media" / "exports" / f"{made['file_name']}.xlsx", read_only=True)
    count = last = 0
    for cells in book["ข้อมูล"].iter_rows(values_only=True):
        count, last = count + 1, cells[13]
    book.close()
    assert count == 1 + ROWS
    assert last.startswith(f"ผลที่ {ROWS} ")
