"""System checks: what a database must offer before Thai text is trusted to it."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from measures.queries.agencies import THAI_ORDER


@register(Tags.database)
def thai_database(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """PostgreSQL must hold UTF-8 and know the Thai order; our SQLite backend brings both."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            encoding = cursor.fetchone()[0]
            cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_collation WHERE collname = %s)", [THAI_ORDER])
            knows_thai = cursor.fetchone()[0]
        if encoding != "UTF8":
            found.append(
                Error(
                    f"ฐานข้อมูลเข้ารหัสแบบ {encoding}",
                    hint="สร้างฐานข้อมูลด้วย TEMPLATE template0 ENCODING 'UTF8'",
                    id="measures.E001",
                )
            )
        if not knows_thai:
            found.append(
                Error(
                    f"PostgreSQL ไม่มีการเรียงลำดับ {THAI_ORDER}",
                    hint="ใช้ PostgreSQL ที่คอมไพล์กับ ICU",
                    id="measures.E002",
                )
            )
    return found
