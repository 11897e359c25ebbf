"""The worker: makes exports in the background, and puts back into the queue what a killed worker left behind.

The queue's own `db_worker` would do half of it: a task whose worker was killed stays RUNNING there for ever, and
when asked to end it finishes the task first, an hour's export or not. So its Worker runs one task at a time inside
this loop, which looks after leases, leftovers and the end; the queue's claiming and its records stay the queue's.
"""

import os
import signal
import socket
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from measures.operations.beat import beat
from reports.background import jobs
from reports.background.running import stopping

PAUSE = 1.0  # seconds between looks at an empty queue
SWEEP = 600.0  # seconds between removals of expired files


class Command(BaseCommand):
    help = "ทำงานเบื้องหลัง: แฟ้มส่งออกขนาดใหญ่ (manage.py serve เปิดให้เอง) หยุดด้วย Ctrl-C"
    requires_system_checks: list[str] = []  # the web server's own start runs them; twice is a second lost

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        _refuse_unprepared()
        swept = float("-inf")
        while not stopping.is_set():
            try:
                beat()
                jobs.reap()
                if time.monotonic() - swept > SWEEP:
                    jobs.sweep()
                    swept = time.monotonic()
                if not _run_waiting_task():
                    stopping.wait(PAUSE)
            except OperationalError as error:
                self.stderr.write(f"ฐานข้อมูลไม่ตอบ จะลองใหม่: {error}")
                connections.close_all()
                stopping.wait(PAUSE)


def _refuse_unprepared() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("ฐานข้อมูลยังไม่เป็นรุ่นปัจจุบัน — สำรองข้อมูลแล้วสั่ง: manage.py migrate")


def _run_waiting_task() -> bool:
    """Run the first task of the queue; whether there was one."""
    if not DBTaskResult.objects.ready().exists():
        return False
    Worker(
        queue_names=[DEFAULT_TASK_QUEUE_NAME],
        excluded_queue_names=[],
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        worker_id=f"{socket.gethostname()[:40]}-{os.getpid()}",
        interval=0,
        startup_delay=False,
        batch=True,
        max_tasks=1,
    ).run()
    return True
