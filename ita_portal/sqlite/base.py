"""The connection: `th-x-icu` is a collation here too, for ORDER BY only.

Never in a column, index or constraint: another SQLite client could then neither write nor check the file.
"""

import sqlite3

from django.db.backends.sqlite3 import base

from measures.thai import sort_key


def _compare(left: str, right: str) -> int:
    mine, theirs = sort_key(left), sort_key(right)
    return (mine > theirs) - (mine < theirs)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows the Thai order."""

    def get_new_connection(self, conn_params: dict[str, object]) -> sqlite3.Connection:
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        connection.create_collation("th-x-icu", _compare)
        return connection
