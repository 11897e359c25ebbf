"""Make a backup while the portal runs: nothing is in its place until all of it is written."""

import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from measures.domain.audit import verify_chains

from . import engines
from .archive import DATABASES, FORMAT, MEDIA, BackupError, Manifest, TableSum, sum_file, write_manifest


def make_backup(target: Path) -> Manifest:
    """Write a backup into `target`, which is empty or does not exist yet. BackupError leaves nothing behind."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(f"{target} มีอยู่แล้วและไม่ว่าง — ระบุโฟลเดอร์ใหม่ เช่นชื่อที่มีวันที่")
    if not MigrationRecorder(connection).has_table():
        raise BackupError("ฐานข้อมูลยังไม่มีตาราง จึงไม่มีอะไรให้สำรอง")
    partial = target.with_name(f".{target.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        manifest = _write(partial)
        _flush_to_disk(partial)
        if target.exists():
            target.rmdir()
        partial.rename(target)
    except OSError as error:
        raise BackupError(f"เขียนข้อมูลสำรองที่ {target} ไม่ได้: {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


def _write(directory: Path) -> Manifest:
    audit_problems = tuple(verify_chains())
    database = directory / DATABASES[connection.vendor]
    tables, migrations = _dump(database)
    # After the database: every file that a record of the dump names is then there, or was lost before.
    _copy_media(directory / MEDIA)
    files = {
        path.relative_to(directory).as_posix(): sum_file(path)
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }
    manifest = Manifest(
        format=FORMAT,
        made_at=timezone.localtime().isoformat(timespec="seconds"),
        engine=connection.vendor,
        migrations=migrations,
        tables=tables,
        files=files,
        audit_problems=audit_problems,
    )
    write_manifest(directory, manifest)
    return manifest


def _dump(database: Path) -> tuple[dict[str, TableSum], tuple[str, ...]]:
    """Dump the database and describe exactly what was dumped."""
    if connection.vendor == "sqlite":
        engines.sqlite_dump(database)
        return engines.sqlite_sums(database), _applied_migrations()
    with engines.postgresql_snapshot() as snapshot:
        engines.postgresql_dump(database, snapshot)
        return engines.postgresql_sums(), _applied_migrations()


def _applied_migrations() -> tuple[str, ...]:
    return tuple(sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()))


def _copy_media(target: Path) -> None:
    if settings.MEDIA_ROOT.is_dir():
        # Exports are made again when asked for, and come and go while the backup runs.
        shutil.copytree(settings.MEDIA_ROOT, target, ignore=shutil.ignore_patterns("exports"))


def _flush_to_disk(directory: Path) -> None:
    """A backup that a power cut can still undo is none."""
    for path in (*directory.rglob("*"), directory):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
