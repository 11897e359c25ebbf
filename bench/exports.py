"""Background exports: 20,000 work items as Excel beside openpyxl alone, and how soon a killed worker is replaced."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS, AGENCIES = 20_000, 400
KILLS = 3
MANAGE = Path(__file__).resolve().parent.parent / "manage.py"


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "ita_portal.settings",
            "DATABASE_URL": f"sqlite:///{Path(scratch) / 'bench.sqlite3'}",
            "VAR_DIR": scratch,
            "DEMO": "1",
            "SECRET_KEY": "bench-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        fill()
        table(Path(scratch))
        kills()


def fill() -> None:
    """Agencies with a plan each, as many items in all as the aim says; texts of a usual length."""
    from measures.enums import Role
    from measures.models import ProgressEntry, Step, WorkItem
    from tests import factories

    for _ in range(AGENCIES):
        plan = factories.make_plan()
        measure, round_ = factories.make_measure(plan), factories.round_of(plan)
        items = WorkItem.objects.bulk_create(
            WorkItem(plan=plan, measure=measure, position=number + 1, responsible="สำนักปลัด")
            for number in range(ROWS // AGENCIES)
        )
        Step.objects.bulk_create(Step(work_item=i, position=1, label="๑.", text="จัดทำประกาศ " * 30) for i in items)
        ProgressEntry.objects.bulk_create(
            ProgressEntry(work_item=i, round=round_, status="DONE", result=f"ผลที่ {i.position} " * 40) for i in items
        )
    factories.make_user(Role.ADMIN)


def start(*, data: bool) -> int:
    """The key of an export that waits for its worker."""
    from measures.models import Plan, User
    from reports.background import jobs
    from reports.background.asking import ask_for_many

    plans = list(Plan.objects.select_related("agency"))
    ask = ask_for_many(plans, period="round1", format="pdf", data=data)
    return jobs.start(actor=User.objects.get(), ask=ask).pk


def peak() -> float:
    """MiB that this process held at most."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024


def table(scratch: Path) -> None:
    from openpyxl import Workbook

    from measures.enums import Period
    from measures.models import Plan
    from reports.background import running
    from reports.background.data_rows import data_rows

    pk = start(data=True)
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    begun = time.perf_counter()
    running.run(pk)
    ours, held = time.perf_counter() - begun, peak()
    begun = time.perf_counter()
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for plan in Plan.objects.select_related("agency"):
        for record in data_rows(plan, Period.ROUND1):
            sheet.append(record)
    book.save(scratch / "bare.xlsx")
    bare = time.perf_counter() - begun
    print(f"{ROWS:,} items as Excel, read and written: {ours:.1f} s, peak {held:.0f} MiB")
    print(f"openpyxl write-only, no looks:           {bare:.1f} s   ours x{ours / bare:.2f}")


def kills() -> None:
    """A worker is killed in the middle of a bundle, and another waits: seconds until it has the export."""
    from django.db import connection

    from reports.background import jobs
    from reports.models import Export

    taken = []
    for _ in range(KILLS):
        pk = start(data=False)
        row = Export.objects.filter(pk=pk)
        workers = [subprocess.Popen([sys.executable, str(MANAGE), "worker"])]  # noqa: S603  ours
        wait(lambda row=row: row.get().done > 0)
        workers.append(subprocess.Popen([sys.executable, str(MANAGE), "worker"]))  # noqa: S603
        time.sleep(5)
        workers[0].send_signal(signal.SIGKILL)
        begun = time.perf_counter()
        wait(lambda row=row: row.get().attempts == 2)
        taken.append(time.perf_counter() - begun)
        export = row.get()
        jobs.cancel(actor=export.user, export=export)
        for worker in workers:
            worker.terminate()
            worker.wait()
    connection.close()
    print("kill -9 of the worker to its export taken again:", ", ".join(f"{seconds:.1f} s" for seconds in taken))


def wait(true) -> None:  # type: ignore[no-untyped-def]  a lambda
    while not true():
        time.sleep(0.02)


if __name__ == "__main__":
    main()
