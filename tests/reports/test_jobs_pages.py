"""The pages of exports: asked for by a form, watched, left and found again, stopped, taken by the requester alone."""

import hashlib
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from measures.domain import people
from measures.enums import Role
from measures.models import Membership
from measures.operations.beat import beat
from reports.background import jobs
from reports.background.reads import SHOWN
from reports.models import Export, ExportKind, ExportState
from tests import factories
from tests.factories import World
from tests.reports.exports import CONTENT, ask_of, make_export

QUERIES = 9  # of the list
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = settings.VAR_DIR = tmp_path


def client_of(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


@pytest.fixture
def clerk(world: World) -> Client:
    return client_of(world, Role.CLERK)


@pytest.fixture
def queued(world: World) -> Export:
    return jobs.start(actor=world.users[Role.CLERK], ask=ask_of(world.plan))


def page(export: Export, name: str = "export") -> str:
    return reverse(name, args=[export.uuid])


def test_button_of_the_report_page_starts_that_very_report(world: World, clerk: Client) -> None:
    url = reverse("plan_export", args=[world.agency.slug, world.plan.year])
    given = {"period": "round2", "layout": "annual-oit", "format": "xlsx", "partial": "1"}
    response = clerk.post(url, given)
    row = Export.objects.get()
    assert response.url == page(row)
    assert (row.kind, row.period, row.layout, row.format) == (ExportKind.REPORT, "round2", "annual-oit", "xlsx")
    assert row.allow_partial
    assert list(row.plans.all()) == [world.plan]


@pytest.mark.parametrize("wrong", [{"format": "exe"}, {"period": "round9"}, {"layout": "no-such"}])
def test_report_that_does_not_exist_is_not_started(world: World, clerk: Client, wrong: dict[str, str]) -> None:
    response = clerk.post(reverse("plan_export", args=[world.agency.slug, world.plan.year]), wrong)
    assert response.status_code == 404
    assert not Export.objects.exists()


@pytest.mark.parametrize("name", ["export_start", "export_cancel", "plan_export"])
def test_nothing_changes_by_a_link(world: World, clerk: Client, queued: Export, name: str) -> None:
    args = {"export_cancel": [queued.uuid], "plan_export": [world.agency.slug, world.plan.year]}.get(name, [])
    assert clerk.get(reverse(name, args=args)).status_code == 405


def test_form_exports_every_agency_in_scope(world: World) -> None:
    admin = client_of(world, Role.ADMIN)
    admin.post(reverse("export_start"), {"year": "2566", "period": "round1", "what": "xlsx"})
    row = Export.objects.get()
    assert (row.kind, row.plan_count, set(row.plans.all())) == (ExportKind.BUNDLE, 2, {world.plan, world.other_plan})
    assert row.label == "รายงานรอบที่ ๑ ปีงบประมาณ 2566 รวม 2 หน่วยงาน (Excel)"


def test_form_narrows_to_a_province_and_gives_the_table(world: World) -> None:
    admin = client_of(world, Role.ADMIN)
    admin.post(reverse("export_start"), {"province": world.other.province, "what": "data"})
    row = Export.objects.get()
    assert (row.kind, row.period, row.format) == (ExportKind.DATA, "annual", "xlsx")
    assert list(row.plans.all()) == [world.other_plan]


def test_form_of_one_agency_never_reaches_another(world: World, clerk: Client) -> None:
    clerk.post(reverse("export_start"), {"what": "data"})
    assert list(Export.objects.get().plans.all()) == [world.plan]


def test_form_leaves_out_agencies_that_may_not_be_exported(world: World) -> None:
    clerk = world.users[Role.CLERK]
    division = world.other.divisions.first()
    people.grant(actor=None, user=clerk, role=Role.STAFF, agency=world.other, division=division)
    client_of(world, Role.CLERK).post(reverse("export_start"), {"what": "data"})
    assert list(Export.objects.get().plans.all()) == [world.plan]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"year": "2400"}, 400),
        ({"year": "x"}, 400),
        ({"province": "แอตแลนติส"}, 400),
        ({"what": "exe"}, 400),
        ({"period": "round9"}, 400),
    ],
)
def test_form_refuses_what_it_does_not_offer(clerk: Client, given: dict[str, str], status: int) -> None:
    response = clerk.post(reverse("export_start"), given)
    assert response.status_code == status
    assert not Export.objects.exists()


def test_form_says_when_a_person_waits_for_too_much(world: World, clerk: Client, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "MAX_WAITING", 0)
    response = clerk.post(reverse("export_start"), {"what": "data"})
    assert response.status_code == 400
    assert "รอให้เสร็จหรือยกเลิกก่อน" in response.content.decode()


def test_progress_is_told_and_asked_for_again(clerk: Client, queued: Export) -> None:
    beat()
    held = jobs.take(queued.pk)
    assert held is not None
    jobs.renew(held, done=3, total=12)
    body = clerk.get(page(queued)).content.decode()
    assert 'aria-valuenow="25"' in body
    assert "๓ จาก ๑๒" in body
    assert f'hx-get="{page(queued)}" hx-trigger="every 2s"' in body
    part = clerk.get(page(queued), headers=HTMX)
    assert "๓ จาก ๑๒" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_progress_reloads_the_page_when_it_is_over(world: World, clerk: Client) -> None:
    response = clerk.get(page(make_export(world.users[Role.CLERK], world.plan)), headers=HTMX)
    assert (response.headers["HX-Refresh"], response.content) == ("true", b"")


def test_queue_without_a_worker_says_so(clerk: Client, queued: Export) -> None:
    said = "โปรแกรมที่ทำแฟ้มยังไม่ตอบ"
    assert said in clerk.get(page(queued)).content.decode()
    beat()
    assert said not in clerk.get(page(queued)).content.decode()


def test_finished_page_shows_the_checksum_of_what_is_taken(world: World, clerk: Client) -> None:
    row = make_export(world.users[Role.CLERK], world.plan)
    assert hashlib.sha256(CONTENT).hexdigest() in clerk.get(page(row)).content.decode()
    response = clerk.get(page(row, "export_file"))
    assert b"".join(response) == CONTENT
    assert response.headers["Content-Disposition"] == f'attachment; filename="{row.download_name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]


def test_cancel_stops_and_says_so(clerk: Client, queued: Export) -> None:
    response = clerk.post(page(queued, "export_cancel"), follow=True)
    assert Export.objects.get().state == ExportState.CANCELLED
    assert "ยกเลิกแล้ว ไม่มีแฟ้มเก็บไว้" in response.content.decode()
    again = clerk.post(page(queued, "export_cancel"), follow=True)
    assert "ยกเลิกไม่ได้" in again.content.decode()


def test_failure_is_told_in_its_own_words(clerk: Client, queued: Export) -> None:
    held = jobs.take(queued.pk)
    assert held is not None
    jobs.fail(held, "แบบรายงานไม่มีที่พิมพ์ <b>สามรายการ</b>")
    body = clerk.get(page(queued)).content.decode()
    assert "แบบรายงานไม่มีที่พิมพ์ &lt;b&gt;สามรายการ" in body


@pytest.mark.parametrize("name", ["export", "export_file", "export_cancel"])
@pytest.mark.parametrize(("change", "status"), [("left", 404), ("staff", 403), ("plan gone", 404)])
def test_requester_who_lost_scope_or_right_gets_nothing(
    world: World, clerk: Client, name: str, change: str, status: int
) -> None:
    person = world.users[Role.CLERK]
    row = make_export(person, world.plan)
    if change == "plan gone":
        world.plan.delete()
    else:
        Membership.objects.filter(user=person).delete()
    if change == "staff":
        people.grant(actor=None, user=person, role=Role.STAFF, agency=world.agency, division=world.own_division)
    send = clerk.post if name == "export_cancel" else clerk.get
    assert send(page(row, name)).status_code == status


def test_expired_file_is_told_on_the_page_and_gone_behind_its_address(world: World, clerk: Client) -> None:
    row = make_export(world.users[Role.CLERK], world.plan)
    Export.objects.update(removed_at=row.finished_at)
    assert "แฟ้มหมดอายุ" in clerk.get(page(row)).content.decode()
    assert clerk.get(page(row, "export_file")).status_code == 404
    Export.objects.update(removed_at=None)
    row.path.unlink()
    assert "แฟ้มหมดอายุ" in clerk.get(page(row)).content.decode()
    assert clerk.get(page(row, "export_file")).status_code == 404


def test_list_is_empty_mine_and_newest_first(world: World, clerk: Client) -> None:
    assert "ยังไม่มีแฟ้มส่งออก" in clerk.get(reverse("exports")).content.decode()
    make_export(world.users[Role.HEAD], world.plan)
    mine = [make_export(world.users[Role.CLERK], world.plan, period=period) for period in ("round1", "round2")]
    shown = [row["export"] for row in clerk.get(reverse("exports")).context["exports"]]
    assert shown == mine[::-1]


def test_list_offers_no_form_to_those_who_may_not_export(world: World) -> None:
    body = client_of(world, Role.STAFF).get(reverse("exports")).content.decode()
    assert reverse("export_start") not in body


def test_list_costs_the_same_for_one_and_for_many(
    world: World, clerk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = world.users[Role.CLERK]
    make_export(person, world.plan)
    with django_assert_num_queries(QUERIES):
        clerk.get(reverse("exports"))
    for _ in range(SHOWN):
        make_export(person, world.plan)
    with django_assert_num_queries(QUERIES):
        assert len(clerk.get(reverse("exports")).context["exports"]) == SHOWN


def test_another_agency_is_never_told(world: World) -> None:
    """The admin's export of both; a clerk of one of them finds nothing of it."""
    row = make_export(world.users[Role.ADMIN], world.other_plan)
    other = factories.make_user(Role.CLERK, world.other)
    client = Client()
    client.force_login(other)
    assert client.get(page(row)).status_code == 404
    assert row.label not in client.get(reverse("exports")).content.decode()
