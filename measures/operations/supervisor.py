"""Keeps the portal's processes alive as one group: one command for a demo, one unit for a municipality."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings

logger = logging.getLogger(__name__)

FIRST_PAUSE = 1.0  # seconds before the first restart; doubled at each death in a row
LONGEST_PAUSE = 30.0
STEADY = 60.0  # seconds: a child that lived so long died of something new
PATIENCE = 20.0  # seconds that children get to finish what they are doing


@dataclass(frozen=True)
class Child:
    """A process to keep running. `label` is how the log names it."""

    label: str
    command: tuple[str, ...]


@dataclass
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    pause: float = FIRST_PAUSE
    restart_at: float | None = None


def web(host: str, port: int) -> Child:
    """The web server. Workers are renewed now and then, so that none grows past 200 MiB."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return Child(
        "web",
        (
            sys.executable,
            *("-m", "gunicorn", "ita_portal.wsgi:application"),
            *("--bind", address),
            *("--worker-class", "gthread", "--workers", os.environ.get("WEB_CONCURRENCY", "2"), "--threads", "4"),
            *("--max-requests", "2000", "--max-requests-jitter", "200"),
            *("--graceful-timeout", "15", "--timeout", "60"),
            *("--log-level", "warning", "--no-control-socket"),
        ),
    )


def worker() -> Child:
    """What makes exports in the background; killed in the middle, its next start takes them up again."""
    return Child("worker", (sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"))


def renderer() -> Child:
    """What makes PDFs for all web processes, and remembers the pages; without it each makes its own."""
    return Child("renderer", (sys.executable, str(settings.BASE_DIR / "manage.py"), "render_server"))


class Supervisor:
    """Starts children, restarts the dead with growing pauses, stops all on SIGTERM, SIGINT or SIGHUP."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.stopping = threading.Event()

    def run(self) -> None:
        """Return when a signal asked for the end and every child is gone."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        running = [_Running(child, _start(child)) for child in self.children]
        while not self.stopping.wait(0.2):
            for entry in running:
                _tend(entry)
        _stop(running)


def _start(child: Child) -> subprocess.Popen[bytes]:
    # setpriv (util-linux): should the supervisor be killed outright, its children end with it.
    setpriv = shutil.which("setpriv")
    guard = (setpriv, "--pdeathsig", "TERM") if setpriv else ()
    # Ctrl-C reaches the whole group. Children inherit it blocked: it is the supervisor that ends them, by SIGTERM,
    # and not a half-started Python with a traceback.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return subprocess.Popen((*guard, *child.command))  # noqa: S603  our own command lines
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _tend(entry: _Running) -> None:
    now = time.monotonic()
    if entry.restart_at is None:
        code = entry.process.poll()
        if code is None:
            return
        if now - entry.started > STEADY:
            entry.pause = FIRST_PAUSE
        logger.error("%s หยุดทำงาน (รหัส %s) จะเริ่มใหม่ใน %.0f วินาที", entry.child.label, code, entry.pause)
        entry.restart_at = now + entry.pause
        entry.pause = min(entry.pause * 2, LONGEST_PAUSE)
    elif now >= entry.restart_at:
        entry.process, entry.started, entry.restart_at = _start(entry.child), now, None


def _stop(running: list[_Running]) -> None:
    for entry in running:
        if entry.process.poll() is None:
            entry.process.terminate()
    deadline = time.monotonic() + PATIENCE
    for entry in running:
        try:
            entry.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            logger.error("%s ไม่หยุดตามที่สั่ง จึงบังคับหยุด", entry.child.label)
            entry.process.kill()
            entry.process.wait()
