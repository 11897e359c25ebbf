"""The same document gives the same bytes: in every format, in another process, whatever the hash seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reports.renderers import RENDERERS

ROOT = Path(__file__).resolve().parents[2]
DIGESTS = """
import hashlib
import django
django.setup()
from measures.snapshot import to_json
from reports.renderers import RENDERERS, PdfOptions
from tests.reports.forms import full_document, snapshot_with
for slug in ("krathok", "mueangkhong"):
    document, data = full_document(slug), to_json(snapshot_with(slug=slug))
    for name, renderer in RENDERERS.items():
        print(slug, name, hashlib.sha256(renderer.render(document)).hexdigest())
    for options in (PdfOptions(True, True), PdfOptions(True), PdfOptions(accessible=True)):
        content = RENDERERS["pdf"].render(document, options=options, data=data)
        print(slug, options, hashlib.sha256(content).hexdigest())
"""


@pytest.fixture(scope="module")
def digests(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What two processes with different seeds, clocks' zones and places of work say."""
    running = []
    for seed, zone in (("1", "UTC"), ("4242", "Asia/Bangkok")):
        place = tmp_path_factory.mktemp("place")
        environment = os.environ | {
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "PYTHONPATH": str(ROOT),
            "VAR_DIR": str(place),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        command = [sys.executable, "-c", DIGESTS]
        running.append(subprocess.Popen(command, cwd=place, env=environment, stdout=subprocess.PIPE, text=True))
    found = [process.communicate(timeout=300)[0].splitlines() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    return found


def test_two_processes_write_the_same_bytes(digests: list[list[str]]) -> None:
    first, second = digests
    assert len(first) == 2 * (len(RENDERERS) + 3)
    assert first == second
