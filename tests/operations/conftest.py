"""The command line as an operator uses it: manage.py in its own process and an empty place."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
KEY = "operations-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2


@dataclass(frozen=True)
class Place:
    """A database and a var/ that nothing else uses."""

    database_url: str
    var: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        return kept | {
            "SECRET_KEY": KEY,
            "DEMO": "1",
            "DATABASE_URL": self.database_url,
            "VAR_DIR": str(self.var),
            "PYTHONDEVMODE": "",
        }

    def manage(self, *arguments: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(MANAGE), *arguments]
        done = subprocess.run(command, env=self.environment | environment, capture_output=True, text=True, timeout=120)
        assert not check or done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done


def server_url(database: str) -> str:
    """The address of another database on the server of the tests."""
    config = connection.settings_dict
    login = str(config["USER"]) + (f":{config['PASSWORD']}" if config["PASSWORD"] else "")
    location = f"{login}@{config['HOST']}" + (f":{config['PORT']}" if config["PORT"] else "")
    return urlunsplit(urlsplit(f"postgres://{location}/{database}"))


@pytest.fixture(scope="session")
def new_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Place]]:
    """Makes empty places on the engine that the tests run on; throw-away databases go at the end."""
    import psycopg

    databases: list[str] = []

    def make() -> Place:
        name = f"ita_place_{uuid.uuid4().hex[:12]}"
        var = tmp_path_factory.mktemp(name, numbered=False)
        if connection.vendor == "sqlite":
            return Place(f"sqlite:///{var / 'db.sqlite3'}", var)
        with psycopg.connect(server_url("postgres"), autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        databases.append(name)
        return Place(server_url(name), var)

    yield make
    for name in databases:
        with psycopg.connect(server_url("postgres"), autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
