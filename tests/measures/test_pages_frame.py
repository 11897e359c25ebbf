"""Login, where each role lands, the dashboard, the agencies, error pages, and the tags that all pages use."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from measures.domain import rounds
from measures.enums import Role, Status
from measures.models import Agency, User
from measures.queries.rows import Counts
from measures.templatetags import charts, thai
from measures.views import errors
from tests import factories
from tests.factories import World


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(html: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.STAFF, "work"),
        (Role.HEAD, "work"),
        (Role.CLERK, "round"),
        (Role.EXECUTIVE, "dashboard"),
        (Role.AUDITOR, "dashboard"),
        (Role.PROVINCE, "agencies"),
        (Role.ADMIN, "agencies"),
    ],
)
def test_home_leads_each_role_to_its_work(world: World, role: Role, page: str) -> None:
    args = () if page == "agencies" else (world.agency.slug, world.plan.year)
    assert logged_in(world.users[role]).get("/")["Location"] == reverse(page, args=args)


def test_person_of_two_agencies_chooses(world: World) -> None:
    person = world.users[Role.CLERK]
    from measures.domain.people import grant

    grant(actor=None, user=person, role=Role.AUDITOR, agency=world.other)
    client = logged_in(person)
    assert client.get("/")["Location"] == reverse("agencies")
    names = {row.name for row in client.get(reverse("agencies")).context["rows"]}
    assert names == {world.agency.name, world.other.name}


def test_person_without_a_role_is_told_what_to_do(db: None) -> None:
    person = User.objects.create_user("nobody")
    html = logged_in(person).get("/", follow=True).content.decode()
    assert "บัญชีนี้ยังไม่มีหน่วยงานที่ดูได้" in html


def test_login_refuses_in_thai_and_does_not_tell_who_exists(world: World) -> None:
    known = world.users[Role.STAFF].username
    said = [
        text_of(Client().post(reverse("login"), {"username": name, "password": "ผิด"}).content)
        for name in (known, "no-such-person")
    ]
    assert all("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง" in text for text in said)
    empty = text_of(Client().post(reverse("login"), {}).content)
    assert "กรอกชื่อผู้ใช้" in empty
    assert "กรอกรหัสผ่าน" in empty


def test_login_goes_on_to_the_page_asked_for_but_never_outside(world: World) -> None:
    def lands(after: str) -> str:
        data = {"username": world.users[Role.STAFF].username, "password": factories.PASSWORD, "next": after}
        return Client().post(reverse("login"), data)["Location"]

    assert lands("/agencies/") == "/agencies/"
    assert lands("https://elsewhere.example/") == reverse("home")


@pytest.mark.parametrize("demo", [True, False])
def test_demo_accounts_are_named_in_the_demo_only(world: World, settings: Any, demo: bool) -> None:
    settings.DEMO = demo
    html = Client().get(reverse("login")).content.decode()
    assert (world.users[Role.STAFF].username in html) is demo


def test_logout_is_a_post(world: World) -> None:
    client = logged_in(world.users[Role.STAFF])
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout"))["Location"] == reverse("login")
    assert client.get("/")["Location"].startswith(reverse("login"))


def test_ended_session_answers_an_in_place_edit_with_401(world: World) -> None:
    response = Client().get(reverse("login"), headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (401, b"")


def test_dashboard_moves_with_an_entry(world: World) -> None:
    client = logged_in(world.users[Role.EXECUTIVE])
    url = reverse("dashboard", args=(world.agency.slug, world.plan.year))
    assert "ดำเนินการแล้ว ๐ จาก ๒ รายการ" in text_of(client.get(url).content)
    factories.make_entry(world.item, status=Status.DONE)
    html = client.get(url).content
    assert "ดำเนินการแล้ว ๑ จาก ๒ รายการ" in text_of(html)
    assert 'aria-label="ร้อยละ ๕๐ ดำเนินการแล้ว' in html.decode()


def test_dashboard_names_silent_divisions_late_items_and_unverified_facts(world: World, settings: Any) -> None:
    settings.DEMO_TODAY = date(2023, 4, 2)
    factories.make_entry(world.item, status=Status.IN_PROGRESS)
    client = logged_in(world.users[Role.EXECUTIVE])
    page = client.get(reverse("dashboard", args=(world.agency.slug, world.plan.year)) + "?round=1")
    told = text_of(page.content)
    assert "เลยกำหนด ๒ รายการ" in told
    assert "กองคลัง ยังไม่รายงานเลย" in told
    assert "เลย ๒ วัน" in told
    assert "ข้อนี้ยังไม่ตรวจสอบ" in told
    assert f"division={world.second_division.pk}" in page.content.decode()


def test_dashboard_of_an_empty_plan_says_so(db: None) -> None:
    plan = factories.make_plan()
    reader = factories.make_user(Role.EXECUTIVE, plan.agency)
    page = logged_in(reader).get(reverse("dashboard", args=(plan.agency.slug, plan.year)))
    assert "แผนนี้ยังไม่มีรายการที่ต้องรายงาน" in text_of(page.content)


def test_context_bar_tells_round_and_deadline(world: World, settings: Any) -> None:
    settings.DEMO_TODAY = date(2023, 3, 21)
    client = logged_in(world.users[Role.STAFF])
    url = reverse("work", args=(world.agency.slug, world.plan.year))
    assert "รอบที่ ๑ (๑ ต.ค. ๖๕ – ๓๑ มี.ค. ๖๖) ส่งภายใน ๓๑ มี.ค. ๖๖ เหลือ ๑๐ วัน" in text_of(client.get(url).content)
    rounds.close_round(actor=None, round_=factories.round_of(world.plan))
    assert "ปิดรอบแล้ว" in text_of(client.get(f"{url}?round=1").content)


def test_agency_with_arabic_digits_sees_no_thai_ones(world: World) -> None:
    Agency.objects.filter(pk=world.agency.pk).update(thai_digits=False)
    factories.make_entry(world.item)
    client = logged_in(world.users[Role.STAFF])
    scope = (world.agency.slug, world.plan.year)
    pages = (
        reverse("work", args=scope),
        reverse("work_item", args=(*scope, world.item.pk)),
        reverse("dashboard", args=scope),
    )
    for url in pages:
        assert re.findall("[๐-๙]", text_of(client.get(url).content)) == []


def test_error_pages_tell_the_request_number() -> None:
    request = RequestFactory().get("/")
    request.id = "abc123"  # type: ignore[attr-defined]
    pages = {
        403: errors.forbidden(request, PermissionDenied("ทำไม่ได้เพราะเหตุนี้")),
        404: errors.not_found(request, Exception({"path": "x"})),
        500: errors.server_error(request),
    }
    assert {status: page.status_code for status, page in pages.items()} == {403: 403, 404: 404, 500: 500}
    assert all("abc123" in page.content.decode() for page in pages.values())
    assert "ทำไม่ได้เพราะเหตุนี้" in pages[403].content.decode()
    assert "ไม่มีหน้านี้ในระบบ" in pages[404].content.decode()


def test_unknown_address_is_404_without_internals(world: World) -> None:
    page = logged_in(world.users[Role.STAFF]).get("/no/such/page/")
    assert page.status_code == 404
    assert "ไม่มีหน้านี้ในระบบ" in page.content.decode()
    assert "urlconf" not in page.content.decode().lower()


def test_form_without_token_is_refused_in_thai(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post(reverse("login"), {"username": "x", "password": "y"})
    assert page.status_code == 403
    assert "แบบฟอร์มหมดอายุ" in page.content.decode()
    assert page["X-Request-ID"] in page.content.decode()


def test_segments_fill_the_bar_and_leave_out_what_is_not() -> None:
    parts = charts.segments(Counts(done=1, unreported=2))
    assert [(part.css, part.count, part.x, part.width) for part in parts] == [
        ("done", 1, "0.00", "33.33"),
        ("late", 2, "33.33", "66.67"),
    ]
    assert charts.segments(Counts()) == []


def test_arcs_go_round_the_ring_once() -> None:
    arcs = charts.arcs(Counts(done=1, in_progress=1))
    assert [(arc.css, arc.length, arc.offset) for arc in arcs] == [
        ("done", "217.9", "110.0"),
        ("progress", "217.9", "-110.0"),
    ]
    assert [arc.length for arc in charts.arcs(Counts(done=4))] == ["439.8"]


def test_chart_is_told_in_words() -> None:
    assert charts.words(Counts(done=1, unknown=2), thai=True) == "ดำเนินการแล้ว ๑ ยังไม่ระบุสถานะ ๒ จาก ๓ รายการ"
    assert charts.words(Counts(), thai=False) == "ยังไม่มีรายการ จาก 0 รายการ"


def test_filters_show_digits_and_days_by_the_switch() -> None:
    assert thai.digits(Decimal("85.50")) == "๘๕.๕๐"
    assert thai.digits("ข้อ ๑", False) == "ข้อ 1"
    assert thai.digits(None) == ""
    assert thai.thai_date(date(2020, 3, 31)) == "๓๑ มีนาคม ๒๕๖๓"
    assert thai.thai_day(date(2020, 3, 31), False) == "31 มี.ค. 63"
    assert thai.thai_date(None) == ""


@pytest.mark.parametrize("state", [*Status, "", None, "unknown", "unreported"])
def test_every_state_has_a_face(state: str | None) -> None:
    assert thai.face(state).label
