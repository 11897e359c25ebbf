"""A start with bad settings ends in one clear line; a good one serves, survives a death and stops cleanly."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing

import pytest

from .conftest import MANAGE, Place

LONG_KEY = "production-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2
PRODUCTION = {"DEMO": "", "SECRET_KEY": LONG_KEY, "ALLOWED_HOSTS": "ita.example.go.th"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY เดาง่าย"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY เดาง่าย"),
        ({"SECRET_KEY": "django-insecure-" + LONG_KEY}, "SECRET_KEY เดาง่าย"),
        (PRODUCTION | {"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"HOST": "0.0.0.0"}, "DEMO=1"),  # noqa: S104  the address to refuse
        ({"HOST": "203.0.113.7"}, "DEMO=1"),
        ({"PORT": "แปด"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"DATABASE_URL": "mysql://u@h/d"}, "DATABASE_URL"),
        ({"DEMO_TODAY": "2563-03-31"}, "พ.ศ."),
        ({"DEMO_TODAY": "yesterday"}, "DEMO_TODAY"),
    ],
)
def test_start_refuses_bad_settings_in_one_line(
    environment: dict[str, str], said: str, new_place: Callable[[], Place]
) -> None:
    done = new_place().manage("serve", check=False, **environment)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_production_start_refuses_the_key_of_the_demo(new_place: Callable[[], Place]) -> None:
    """`make run` left a key in var/: a command line may use it, a public server may not."""
    place = new_place()
    (place.var / "secret_key").write_text(LONG_KEY)
    done = place.manage("serve", check=False, **(PRODUCTION | {"SECRET_KEY": ""}))
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr


def test_production_start_refuses_a_database_that_is_not_migrated(new_place: Callable[[], Place]) -> None:
    done = new_place().manage("serve", check=False, **PRODUCTION, PORT=str(free_port()))
    assert done.returncode == 1
    assert "manage.py migrate" in done.stderr


def test_start_refuses_a_taken_port(new_place: Callable[[], Place]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = new_place().manage("serve", check=False, PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "มีโปรแกรมอื่นใช้พอร์ตนี้อยู่" in done.stderr


def test_deploy_check_is_clean_with_production_settings(new_place: Callable[[], Place]) -> None:
    done = new_place().manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert "0 silenced" in done.stdout


def fetch(port: int, path: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
        return response.status, response.read()


def test_production_serves_over_tls_only(new_place: Callable[[], Place]) -> None:
    """Behind a proxy that ends TLS: plain requests are sent to https, files carry their hash in the name."""
    place = new_place()
    place.manage("migrate", "--verbosity", "0")
    port = free_port()
    unprepared = place.manage("serve", check=False, **PRODUCTION, PORT=str(port))
    assert "collectstatic" in unprepared.stderr
    place.manage("collectstatic", "--noinput", "--verbosity", "0", **PRODUCTION)
    process = subprocess.Popen(
        [sys.executable, str(MANAGE), "serve"], env=place.environment | PRODUCTION | {"PORT": str(port)}
    )
    try:
        wait_for(port)
        plain, _ = raw_request(port, "/", "Host: ita.example.go.th")
        assert plain == {"status": "301", "location": "https://ita.example.go.th/"} | plain
        secure, _ = raw_request(port, "/login/", "Host: ita.example.go.th", "X-Forwarded-Proto: https")
        assert secure["status"] == "200"
        assert secure["strict-transport-security"] == "max-age=31536000; includeSubDomains; preload"
        assert "__Host-csrftoken" in secure["set-cookie"]
        assert "Secure" in secure["set-cookie"]
        elsewhere, body = raw_request(port, "/", "Host: evil.example", "X-Forwarded-Proto: https")
        assert elsewhere["status"] == "400"
        assert b"Traceback" not in body
    finally:
        process.terminate()
        process.wait(timeout=25)


def raw_request(port: int, path: str, *headers: str) -> tuple[dict[str, str], bytes]:
    """Status and headers in lower case, and the body; no redirect is followed."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.putrequest("GET", path, skip_host=True)
        for header in headers:
            connection.putheader(*header.split(": ", 1))
        connection.endheaders()
        with connection.getresponse() as response:
            found = {name.lower(): value for name, value in response.getheaders()}
            return found | {"status": str(response.status)}, response.read()


def wait_for(port: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fetch(port, "/healthz")
        except OSError:
            assert time.monotonic() < deadline, "nothing answers"
            time.sleep(0.1)
        else:
            return


def children_of(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


@pytest.fixture
def served(new_place: Callable[[], Place]):
    """A place that is being served: its process and its port."""
    place = new_place()
    place.manage("migrate", "--verbosity", "0")
    port = free_port()
    environment = {name: value for name, value in place.environment.items() if name != "DEMO"}
    process = subprocess.Popen(
        [sys.executable, str(MANAGE), "serve"],
        env=environment | {"DEBUG": "1", "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    wait_for(port)
    yield process, port
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_serve_stops_cleanly(served, number: signal.Signals) -> None:
    process, port = served
    web = children_of(process.pid)
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    said = process.communicate(timeout=25)[0].decode()
    assert process.returncode == 0
    assert "Traceback" not in said
    assert [pid for pid in web if os.path.exists(f"/proc/{pid}")] == []
    with pytest.raises(OSError, match="refused"):
        fetch(port, "/healthz")


def test_serve_restarts_a_dead_web_server(served) -> None:
    process, port = served
    first = children_of(process.pid)
    os.kill(first[0], signal.SIGKILL)
    deadline = time.monotonic() + 20
    while not set(children_of(process.pid)) - set(first) and time.monotonic() < deadline:
        time.sleep(0.1)
    wait_for(port)
    assert set(children_of(process.pid)) - set(first)


def test_web_server_ends_with_its_supervisor(served) -> None:
    process, _ = served
    web = children_of(process.pid)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while any(os.path.exists(f"/proc/{pid}") for pid in web) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in web if os.path.exists(f"/proc/{pid}")] == []


def test_health_checks_answer(served) -> None:
    _, port = served
    assert fetch(port, "/healthz") == (200, b'{"status": "ok"}')
    deadline = time.monotonic() + 30
    while (answer := fetch(port, "/readyz"))[0] != 200 and time.monotonic() < deadline:
        time.sleep(0.3)  # the worker starts after the web
    status, body = answer
    assert status == 200
    assert json.loads(body)["parts"] == {"database": "ok", "migrations": "ok", "disk": "ok", "worker": "ok"}


def test_web_process_stays_under_200_mib(served) -> None:
    process, port = served
    for _ in range(50):
        fetch(port, "/readyz")
    master = children_of(process.pid)[0]
    for pid in (master, *children_of(master)):
        with open(f"/proc/{pid}/status") as file:
            resident = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
        assert resident < 200 * 1024
