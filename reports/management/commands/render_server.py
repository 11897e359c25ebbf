"""Run the process that makes PDFs for all web processes; `manage.py serve` keeps one running."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.render_protocol import address
from reports.render_server import AlreadyServed, RenderServer, warm_up


class Command(BaseCommand):
    help = "เปิดโปรเซสสร้าง PDF ที่จำหน้ารายงานไว้ (manage.py serve เปิดให้เอง)"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        # Ctrl-C goes to the whole group; the supervisor says when to end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            server = RenderServer(address())
        except AlreadyServed as error:
            raise CommandError(f"มีโปรเซสสร้าง PDF ทำงานอยู่แล้วที่ {error}") from error
        except OSError as error:
            raise CommandError(f"เปิด {address()} ไม่ได้: {error.strerror or error}") from error
        with server:
            warm_up()
            server.serve_forever()
