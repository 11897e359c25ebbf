"""A backup on disk: a directory with the database, the files and a manifest that can prove them whole.

manifest.json          what is inside: engine, migrations, rows and checksum of each table, each file
manifest.sha256        the checksum of the manifest itself
database.sqlite3       SQLite's own online copy, or
database.dump          what pg_dump wrote (custom format)
media/…                evidence files, as they lie under var/media
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_SUM = "manifest.sha256"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
MEDIA = "media"


class BackupError(Exception):
    """A backup or restore that cannot be done; the message is Thai and says what to do."""


@dataclass(frozen=True)
class TableSum:
    """What a table holds: the number of rows, and a checksum that does not depend on their order."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `files` maps paths inside it to SHA-256; `made_at` is ISO 8601 with offset."""

    format: int
    made_at: str
    engine: str
    migrations: tuple[str, ...]
    tables: dict[str, TableSum]
    files: dict[str, str]
    audit_problems: tuple[str, ...]


def sum_rows(rows: Iterable[tuple[Any, ...]]) -> TableSum:
    """Checksum of rows. Digests are added up, so that servers that sort differently still agree."""
    total = count = 0
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, default=str)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
        count += 1
    return TableSum(count, f"{total % 2**256:064x}")


def sum_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(directory: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (directory / MANIFEST).write_text(text)
    (directory / MANIFEST_SUM).write_text(f"{sum_file(directory / MANIFEST)}  {MANIFEST}\n")


def read_whole(directory: Path) -> Manifest:
    """The manifest of a backup whose files are all there, unchanged; BackupError names the first that is not."""
    if not (directory / MANIFEST).is_file():
        raise BackupError(f"{directory} ไม่ใช่ข้อมูลสำรอง: ไม่พบ {MANIFEST}")
    try:
        stated = (directory / MANIFEST_SUM).read_text().split()[0]
    except (OSError, IndexError, UnicodeDecodeError):
        raise BackupError(f"ข้อมูลสำรองเสียหาย: ไม่พบหรืออ่านไม่ได้ {MANIFEST_SUM} — ให้ใช้ข้อมูลสำรองชุดอื่น") from None
    if sum_file(directory / MANIFEST) != stated:
        raise BackupError(f"ข้อมูลสำรองเสียหาย: {MANIFEST} ไม่ตรงกับ {MANIFEST_SUM} — ให้ใช้ข้อมูลสำรองชุดอื่น")
    manifest = _parse(directory / MANIFEST)
    for name, sha256 in manifest.files.items():
        path = directory / name
        if not path.is_file():
            raise BackupError(f"ข้อมูลสำรองเสียหาย: ขาดไฟล์ {name} — ให้ใช้ข้อมูลสำรองชุดอื่น")
        if sum_file(path) != sha256:
            raise BackupError(f"ข้อมูลสำรองเสียหาย: ไฟล์ {name} ไม่ตรงกับที่บันทึกไว้ — ให้ใช้ข้อมูลสำรองชุดอื่น")
    return manifest


def _parse(path: Path) -> Manifest:
    content = json.loads(path.read_text())
    if content.get("format") != FORMAT:
        raise BackupError(f"ข้อมูลสำรองเป็นรูปแบบ {content.get('format')} แต่โปรแกรมนี้อ่านได้รูปแบบ {FORMAT}")
    for name in content["files"]:
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or parts[0] not in (MEDIA, *DATABASES.values()):
            raise BackupError(f"ข้อมูลสำรองมีชื่อไฟล์ที่ไม่ปลอดภัย: {name}")
    content["tables"] = {name: TableSum(**table) for name, table in content["tables"].items()}
    content["migrations"] = tuple(content["migrations"])
    content["audit_problems"] = tuple(content["audit_problems"])
    return Manifest(**content)
