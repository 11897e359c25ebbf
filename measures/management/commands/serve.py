"""Serve the portal: checks that it may start, prepares a demo, then keeps its processes running."""

import socket
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from ita_portal.start import refuse_unsafe_start
from measures.models import Framework
from measures.operations.supervisor import Supervisor, renderer, web, worker


class Command(BaseCommand):
    help = "เปิดระบบ: เว็บเซิร์ฟเวอร์และงานเบื้องหลังในกลุ่มโปรเซสเดียว หยุดด้วย Ctrl-C"
    requires_system_checks: list[str] = []  # the web server's own start runs them; twice is a second lost

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="ที่อยู่ที่เปิดรับ (ค่าเดิม 127.0.0.1 หรือ HOST)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="พอร์ต (ค่าเดิม 8000 หรือ PORT)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        refuse_unsafe_start(host)
        _refuse_taken_port(host, port)
        pending = _has_pending_migrations()
        if settings.DEMO:
            _prepare_demo(pending)
        else:
            _refuse_unprepared(pending)
        connections.close_all()
        threading.Thread(target=self._announce, args=(host, port), daemon=True).start()
        Supervisor([web(host, port), worker(), renderer()]).run()
        self.stdout.write("หยุดระบบแล้ว")

    def _announce(self, host: str, port: int) -> None:
        """Print the address as soon as something answers there."""
        for _ in range(300):
            with socket.socket(_family(host)) as probe:
                if probe.connect_ex((host, port)) == 0:
                    break
            time.sleep(0.1)
        else:
            return
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(f"เปิดใช้งานได้ที่ http://{shown}:{port}  (หยุดด้วย Ctrl-C)")
        self.stdout.flush()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(_family(host)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"เปิดที่ {host} พอร์ต {port} ไม่ได้: {_reason(error)} — เลือกพอร์ตอื่น เช่น PORT=8001 make run"
            ) from error


def _reason(error: Exception) -> str:
    import errno

    known = {
        errno.EADDRINUSE: "มีโปรแกรมอื่นใช้พอร์ตนี้อยู่",
        errno.EACCES: "ไม่มีสิทธิ์ใช้พอร์ตนี้",
        errno.EADDRNOTAVAIL: "เครื่องนี้ไม่มีที่อยู่นี้",
    }
    return known.get(getattr(error, "errno", None) or 0, "ที่อยู่หรือพอร์ตไม่ถูกต้อง")


def _has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _prepare_demo(pending: bool) -> None:
    """Bring the demo's database up to date; an up-to-date one costs next to nothing."""
    if pending:
        call_command("migrate", verbosity=0, interactive=False)
    if pending or not Framework.objects.exists():
        call_command("sync_frameworks")
    call_command("load_demo", if_empty=True)


def _refuse_unprepared(pending: bool) -> None:
    if pending:
        raise CommandError("ฐานข้อมูลยังไม่เป็นรุ่นปัจจุบัน — สำรองข้อมูลแล้วสั่ง: manage.py migrate")
    if settings.PRODUCTION and not (settings.STATIC_ROOT / "staticfiles.json").is_file():
        raise CommandError("ยังไม่ได้เตรียมไฟล์หน้าเว็บ — สั่ง: manage.py collectstatic --noinput")
