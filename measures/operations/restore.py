"""Bring a backup back into an empty place, and prove that it is the same."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from measures.domain.audit import verify_chains

from . import engines
from .archive import DATABASES, MEDIA, BackupError, Manifest, TableSum, read_whole


def restore_backup(source: Path) -> tuple[Manifest, list[str]]:
    """Restore `source`; returns its manifest and what is wrong with the audit trail.

    Raises BackupError when the place is not empty, or the backup damaged, foreign or newer than this program;
    then nothing was changed. Rows and files are compared with the manifest before they count as restored.
    """
    manifest = read_whole(source)
    _refuse_foreign(manifest)
    _refuse_filled_place()
    try:
        with _staged_media(source, manifest):
            if manifest.engine == "sqlite":
                _restore_sqlite(source / DATABASES["sqlite"], manifest)
            else:
                _restore_postgresql(source / DATABASES["postgresql"], manifest)
    except OSError as error:
        raise BackupError(f"กู้คืนไม่สำเร็จ: {error.strerror or error} — ยังไม่มีข้อมูลใดถูกเขียน") from error
    return manifest, verify_chains() if is_current(manifest) else []


def is_current(manifest: Manifest) -> bool:
    """Whether the backup's tables are those that this program expects (else `migrate` comes next)."""
    return set(manifest.migrations) == {".".join(key) for key in _known_migrations()}


def _known_migrations() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def _refuse_foreign(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise BackupError(
            f"ข้อมูลสำรองมาจาก {manifest.engine} แต่ DATABASE_URL ชี้ไปที่ {connection.vendor} — ใช้ฐานข้อมูลชนิดเดียวกัน"
        )
    unknown = set(manifest.migrations) - {".".join(key) for key in _known_migrations()}
    if unknown:
        raise BackupError(f"ข้อมูลสำรองมาจากโปรแกรมรุ่นใหม่กว่า (มี {sorted(unknown)[0]}) — ติดตั้งรุ่นใหม่ก่อนกู้คืน")


def _refuse_filled_place() -> None:
    filled = engines.filled_tables()
    if filled:
        raise BackupError(f"ฐานข้อมูลปลายทางมีข้อมูลอยู่แล้ว (เช่นตาราง {filled[0]}) — กู้คืนได้เฉพาะลงฐานข้อมูลว่าง")
    if settings.MEDIA_ROOT.is_dir() and any(settings.MEDIA_ROOT.iterdir()):
        raise BackupError(f"{settings.MEDIA_ROOT} มีไฟล์อยู่แล้ว — กู้คืนได้เฉพาะลงที่ว่าง")


@contextmanager
def _staged_media(source: Path, manifest: Manifest) -> Iterator[None]:
    """Copy the files beside their place first; they move in when the database is in."""
    media: Path = settings.MEDIA_ROOT
    staged = media.with_name(f".{media.name}.restoring")
    shutil.rmtree(staged, ignore_errors=True)
    try:
        for name in manifest.files:
            if name.startswith(f"{MEDIA}/"):
                target = staged / Path(name).relative_to(MEDIA)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source / name, target)
        yield
        if staged.is_dir():
            if media.is_dir():
                media.rmdir()
            staged.rename(media)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _restore_sqlite(source: Path, manifest: Manifest) -> None:
    target = Path(connection.settings_dict["NAME"])
    staged = target.with_name(f".{target.name}.restoring")
    connection.close()
    try:
        shutil.copyfile(source, staged)
        staged.chmod(0o600)
        _compare(engines.sqlite_sums(staged), manifest)
        with staged.open("rb") as file:
            os.fsync(file.fileno())
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        staged.replace(target)
    finally:
        staged.unlink(missing_ok=True)


def _restore_postgresql(source: Path, manifest: Manifest) -> None:
    connection.close()
    engines.postgresql_restore(source)
    try:
        _compare(engines.postgresql_sums(), manifest)
    except BackupError:
        engines.drop_everything()
        raise


def _compare(found: dict[str, TableSum], manifest: Manifest) -> None:
    for name in sorted(found.keys() | manifest.tables.keys()):
        if found.get(name) != manifest.tables.get(name):
            raise BackupError(f"ตาราง {name} ที่กู้คืนไม่ตรงกับข้อมูลสำรอง — ยังไม่มีข้อมูลใดถูกเขียน ให้ใช้ข้อมูลสำรองชุดอื่น")
