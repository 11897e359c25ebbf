"""The PDF of a closed round: made once, served as it is, and made anew where anything that it depends on changed."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from measures.domain.rounds import close_round
from measures.enums import Period, Role, RoundState
from measures.models import Plan
from measures.queries.snapshots import snapshot_for
from reports import kept_pdfs
from reports.export import ExportError, export
from reports.kept_pdfs import is_frozen, renderer_version
from reports.layout import layouts
from reports.renderers import PdfOptions, RenderError
from reports.renderers.pdf import remote
from tests.factories import make_user


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "reports"


@pytest.fixture
def plan(db: None, five_plans: dict[str, Plan]) -> Plan:
    """A plan of a round that is closed."""
    plan = five_plans["krathok"]
    close_round(actor=None, round_=plan.rounds.get(number=1))
    return plan


def made(plan: Plan, **more: Any) -> bytes:
    snapshot = snapshot_for(plan=plan, period=Period.ROUND1)
    more.setdefault("frozen", is_frozen(plan, snapshot))
    return export(snapshot, layouts()["six-month-issues"], "pdf", **more)


def test_pdf_of_a_closed_round_is_made_once(plan: Plan, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = made(plan)
    (file,) = folder.iterdir()
    assert file.read_bytes() == content
    assert file.name.startswith(plan.snapshots.get().sha256)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.setattr(remote, "render", lambda *_, **__: pytest.fail("made again"))
    assert made(plan) == content


def test_open_round_keeps_nothing(plan: Plan, folder: Path) -> None:
    plan.rounds.filter(number=1).update(state=RoundState.OPEN)
    made(plan)
    assert not folder.exists()


def test_other_options_forms_and_programs_are_other_files(
    plan: Plan, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(plan)
    assert made(plan, pdf=PdfOptions(accessible=True)) != first
    assert len(list(folder.iterdir())) == 2
    form = layouts()["six-month-issues"]
    snapshot = snapshot_for(plan=plan, period=Period.ROUND1)
    other = replace(form, font_size=form.font_size + 1)
    assert export(snapshot, other, "pdf", frozen=True) != first
    assert len(list(folder.iterdir())) == 3
    monkeypatch.setattr(kept_pdfs, "renderer_version", lambda: "newer")
    assert made(plan) == first
    assert [file.stem.split("-")[-1] for file in folder.iterdir()] == ["newer"]


def test_failure_keeps_nothing(plan: Plan, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise RenderError("ไม่ได้")

    monkeypatch.setattr(remote, "render", fail)
    with pytest.raises(ExportError, match="ไม่ได้"):
        made(plan)
    assert not folder.exists()


def test_page_serves_the_kept_file(plan: Plan, folder: Path) -> None:
    made(plan)
    (file,) = folder.iterdir()
    file.write_bytes(b"%PDF the kept one")
    client = Client()
    client.force_login(make_user(Role.CLERK, plan.agency))
    address = reverse("report_file", args=(plan.agency.slug, plan.year, "round1", "pdf"))
    assert client.get(address).content == b"%PDF the kept one"


def test_version_names_the_program() -> None:
    assert len(renderer_version()) == 16
    assert renderer_version() == renderer_version()
