"""What backup and restore ask of a database: a consistent dump with its checksums, and the way back."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from .archive import BackupError, TableSum, sum_rows

# Rows that `migrate` itself writes; a database with nothing else is still empty.
WRITTEN_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}


def sqlite_dump(target: Path) -> None:
    """Copy the live database with SQLite's online backup; writers are not held up."""
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without -wal and -shm beside it
    target.chmod(0o600)


def sqlite_sums(path: Path) -> dict[str, TableSum]:
    """Checksum of every table of a SQLite file. Raises BackupError when the file is not whole."""
    with closing(sqlite3.connect(path)) as database:
        try:
            verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            sums = {
                name: sum_rows(database.execute(f'SELECT * FROM "{name}"'))  # noqa: S608  a name from the catalogue
                for name in names
                if not name.startswith("sqlite_")
            }
        except sqlite3.DatabaseError as error:
            raise BackupError(f"ฐานข้อมูลเสียหาย: {error}") from error
    if verdict != "ok":
        raise BackupError(f"ฐานข้อมูลเสียหาย: {verdict}")
    return sums


@contextmanager
def postgresql_snapshot() -> Iterator[str]:
    """A read-only view that stands still; the name it yields lets pg_dump see exactly the same rows."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0]
        finally:
            cursor.execute("ROLLBACK")


def postgresql_dump(target: Path, snapshot: str) -> None:
    _run(
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={snapshot}",
        f"--file={target}",
    )
    target.chmod(0o600)


def postgresql_restore(source: Path) -> None:
    """All or nothing; what `migrate` put into the empty database gives way."""
    name = str(connection.settings_dict["NAME"])
    flags = (
        "--single-transaction",
        "--exit-on-error",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
    )
    _run("pg_restore", *flags, f"--dbname={name}", str(source))


def postgresql_sums() -> dict[str, TableSum]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return {name: sum_rows(_rows(name)) for name in names}


def drop_everything() -> None:
    """Empty a PostgreSQL database that a restore filled with something other than the backup."""
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)} CASCADE")


def filled_tables() -> list[str]:
    """Tables with rows of somebody's, as against those that `migrate` writes."""
    filled = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")  # noqa: S608  a catalogue name
            if cursor.fetchone() and name not in WRITTEN_BY_MIGRATE:
                filled.append(name)
    return filled


def _rows(table: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  a name from the catalogue
        while rows := cursor.fetchmany(2000):
            yield from rows


def _run(tool: str, *arguments: str) -> None:
    path = shutil.which(tool)
    if path is None:
        raise BackupError(f"ไม่มีคำสั่ง {tool} ในเครื่องนี้ — ติดตั้งด้วย: sudo apt-get install -y postgresql-client")
    done = subprocess.run([path, *arguments], env=_environment(), capture_output=True, text=True)  # noqa: S603
    if done.returncode != 0:
        first = next(iter(done.stderr.strip().splitlines()), "ไม่ทราบสาเหตุ")
        raise BackupError(f"{tool} ทำงานไม่สำเร็จ: {first}")


def _environment() -> dict[str, str]:
    """The connection in variables: a password among the arguments would show in the process list."""
    config = connection.settings_dict
    named = {
        "HOST": "PGHOST",
        "PORT": "PGPORT",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",
        "NAME": "PGDATABASE",
    }
    return os.environ | {name: str(config[key]) for key, name in named.items() if config.get(key)}
