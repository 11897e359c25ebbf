"""/readyz names the part that fails, with status 503, and tells nothing secret."""

import json
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from measures.operations.beat import beat
from measures.views import health


@pytest.mark.django_db
def test_healthz_needs_no_login(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, json.loads(response.content)) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_names_pending_migrations(client: Client) -> None:
    beat()
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"] == {"database": "ok", "migrations": "pending", "disk": "ok", "worker": "ok"}


@pytest.mark.django_db
def test_readyz_names_a_silent_worker(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    response = client.get("/readyz")
    assert (response.status_code, response.json()["parts"]["worker"]) == (503, "silent")
    beat()
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_names_a_full_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: usage(10, 10, 0))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["disk"] == "full"


def test_health_takes_reads_only(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_response_carries_request_id_and_policy(client: Client) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": "forged"})
    assert len(response["X-Request-ID"]) == 12
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
