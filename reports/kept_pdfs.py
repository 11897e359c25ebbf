"""The PDF of a closed period is made once: the file lies beside the uploads and is served as it is.

Its name tells all that it depends on: the frozen content, what is printed and how, and the program that printed it.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from measures.enums import RoundState
from measures.models import Plan, StoredSnapshot
from measures.snapshot import Snapshot, content_hash, to_data
from reports.document import Document
from reports.render_protocol import Question, encode
from reports.renderers import PdfOptions


def is_frozen(plan: Plan, snapshot: Snapshot) -> bool:
    """Whether this is the very content of a period that is closed."""
    return (
        snapshot.round is not None
        and plan.rounds.filter(number=snapshot.round.number, state=RoundState.CLOSED).exists()
        and StoredSnapshot.objects.filter(plan=plan, period=snapshot.period, sha256=_content(snapshot)).exists()
    )


def kept(snapshot: Snapshot, document: Document, options: PdfOptions, make: Callable[[], bytes]) -> bytes:
    """The PDF of frozen content: read, or made and kept. Raises what `make` raises, and keeps nothing then."""
    folder = folder_of_reports()
    printed = hashlib.sha256(encode(Question(document, options, b""))).hexdigest()[:32]
    path = folder / f"{_content(snapshot)}-{printed}-{renderer_version()}.pdf"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        content = make()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, content)
    for old in folder.glob(f"{_content(snapshot)}-*.pdf"):
        if not old.stem.endswith(renderer_version()):
            old.unlink(missing_ok=True)
    return content


def folder_of_reports() -> Path:
    folder: Path = settings.MEDIA_ROOT / "reports"
    return folder


def _content(snapshot: Snapshot) -> str:
    return content_hash(to_data(snapshot))


@cache
def renderer_version() -> str:
    """Differs when anything differs that has a hand in a PDF: our renderers, their fonts, WeasyPrint."""
    reports = Path(__file__).parent
    fonts = reports.parent / "static" / "fonts" / "laksaman"
    digest = hashlib.sha256(version("weasyprint").encode())
    for path in sorted([*(reports / "renderers").rglob("*.py"), *fonts.glob("*.ttf")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _write(path: Path, content: bytes) -> None:
    """All or nothing, whoever else writes the same."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
