"""The worker's sign of life: a file that it touches, so that the web can tell whether anybody does the long work."""

import time
from pathlib import Path

from django.conf import settings

SILENCE = 30.0  # seconds without a beat: it is gone, and not just starting again


def _file() -> Path:
    return Path(settings.VAR_DIR) / "worker.beat"


def beat() -> None:
    """The worker is alive."""
    _file().touch()


def worker_is_alive() -> bool:
    """Whether a worker of this machine gave a sign of life lately."""
    try:
        return time.time() - _file().stat().st_mtime < SILENCE
    except FileNotFoundError:
        return False
