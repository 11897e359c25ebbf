"""Every URL × every role × {own division, own agency, other agency}; a URL that is not declared here fails."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from measures.access import Access
from measures.domain.report_forms import save_report_form
from measures.enums import Role, RoundState
from measures.operations.beat import beat
from tests import factories
from tests.factories import World
from tests.reports.exports import make_export
from tests.reports.forms import emblem

VISITOR = "visitor"
EVERYONE = (*Role, VISITOR)
INSIDE = tuple(Role)
EXPORTERS = (Role.HEAD, Role.CLERK, Role.EXECUTIVE, Role.AUDITOR, Role.ADMIN)


@dataclass(frozen=True)
class Page:
    """Who gets 200 (or the redirect that the page is) of a URL; of the others those inside get 403.

    `personal`: it is of one person, the clerk; for everybody else it does not exist.
    """

    kwargs: tuple[str, ...] = ()
    allowed: tuple[str, ...] = INSIDE
    public: bool = False
    method: str = "get"
    redirects: bool = False
    personal: bool = False
    posted: tuple[tuple[str, str], ...] = ()


SCOPE = ("slug", "year")
OVERSEERS = (Role.HEAD, Role.CLERK, Role.EXECUTIVE, Role.AUDITOR, Role.ADMIN)
REASON = (("reason", "มีเหตุ"),)
PAGES = {
    "home": Page(redirects=True),
    "login": Page(public=True, allowed=EVERYONE),
    "logout": Page(method="post", redirects=True),
    "healthz": Page(public=True, allowed=EVERYONE),
    "readyz": Page(public=True, allowed=EVERYONE),
    "agencies": Page(),
    "dashboard": Page(SCOPE),
    "work": Page(SCOPE),
    "work_item": Page((*SCOPE, "pk")),
    "round": Page(SCOPE, OVERSEERS),
    "round_close": Page((*SCOPE, "number"), (Role.CLERK,), method="post", redirects=True, posted=REASON),
    "round_open": Page((*SCOPE, "number"), (Role.CLERK,), method="post", redirects=True, posted=REASON),
    "report_form": Page(SCOPE, (Role.CLERK,)),
    "report_emblem": Page(SCOPE, (Role.CLERK,)),
    "reports": Page(SCOPE, EXPORTERS),
    "report_preview": Page((*SCOPE, "period"), EXPORTERS),
    "report_page": Page((*SCOPE, "period", "number"), EXPORTERS),
    "report_file": Page((*SCOPE, "period", "suffix"), EXPORTERS),
    "exports": Page(),
    "export_start": Page(allowed=EXPORTERS, method="post", redirects=True),
    "plan_export": Page(SCOPE, EXPORTERS, method="post", redirects=True),
    "export": Page(("uuid",), (Role.CLERK,), personal=True),
    "export_cancel": Page(("uuid",), (Role.CLERK,), method="post", redirects=True, personal=True),
    "export_file": Page(("uuid",), (Role.CLERK,), personal=True),
}
SCOPED = {name: page for name, page in PAGES.items() if page.kwargs}
WRITERS = (Role.STAFF, Role.HEAD)


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    """The files of exports."""
    settings.MEDIA_ROOT = tmp_path


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        elif entry.namespace != "admin":  # Django's own site, guarded as a whole below
            yield from _patterns(entry)


def _url(name: str, world: World, *, elsewhere: bool = False) -> str:
    plan, item = (world.other_plan, world.other_item) if elsewhere else (world.plan, world.item)
    values = {
        "slug": plan.agency.slug,
        "year": plan.year,
        "pk": item.pk,
        "period": "round1",
        "suffix": "xlsx",
        "number": 1,
    }
    if name == "round_open":
        plan.rounds.filter(number=1).update(state=RoundState.CLOSED)
    if name == "report_emblem":
        save_report_form(actor=None, agency=plan.agency, emblem=emblem())
    if "uuid" in PAGES[name].kwargs:
        owner = factories.make_user(Role.CLERK, plan.agency) if elsewhere else world.users[Role.CLERK]
        values["uuid"] = make_export(owner, plan).uuid
    return reverse(name, kwargs={key: values[key] for key in PAGES[name].kwargs})


def _client(world: World, who: str) -> Client:
    client = Client()
    if who != VISITOR:
        client.force_login(world.users[Role(who)])
    return client


def _status(world: World, who: str, name: str, *, elsewhere: bool = False) -> int:
    page = PAGES[name]
    ask = getattr(_client(world, who), page.method)
    response = ask(_url(name, world, elsewhere=elsewhere), dict(page.posted))
    response.close()  # a file that nobody reads
    return response.status_code


def test_every_url_is_declared() -> None:
    assert {pattern.name for pattern in _patterns(get_resolver())} == set(PAGES)


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("name", PAGES)
def test_own_agency(world: World, name: str, who: str) -> None:
    beat()  # without a worker's sign of life /readyz answers 503
    page = PAGES[name]
    if who == VISITOR and not page.public:
        expected = 302
    elif who not in page.allowed:
        expected = 404 if page.personal else 403
    else:
        expected = 302 if page.redirects or (name == "login" and who != VISITOR) else 200
    assert _status(world, who, name) == expected


@pytest.mark.parametrize("who", [role for role in Role if role is not Role.ADMIN])
@pytest.mark.parametrize("name", SCOPED)
def test_another_agency_does_not_exist(world: World, name: str, who: str) -> None:
    assert _status(world, who, name, elsewhere=True) == 404


@pytest.mark.parametrize("name", SCOPED)
def test_a_visitor_is_asked_to_log_in_whether_the_agency_exists_or_not(world: World, name: str) -> None:
    assert _status(world, VISITOR, name, elsewhere=True) == 302


@pytest.mark.parametrize("who", Role)
@pytest.mark.parametrize("place", ["own division", "own agency", "other agency"])
def test_who_may_write_an_item(world: World, who: Role, place: str) -> None:
    item = {"own division": world.item, "own agency": world.second_item, "other agency": world.other_item}[place]
    url = reverse("work_item", args=(item.plan.agency.slug, item.plan.year, item.pk))
    posted = {
        "version": 0,
        "status": "DONE",
        "result": "เขียนโดยผู้ทดสอบ",
        "outcome": "",
        "evidence-TOTAL_FORMS": 0,
        "evidence-INITIAL_FORMS": 0,
    }
    status = _client(world, who).post(url, posted).status_code
    if place == "own division" and who in WRITERS:
        assert (status, item.entries.get().result) == (302, "เขียนโดยผู้ทดสอบ")
    else:
        assert status == (404 if place == "other agency" and who is not Role.ADMIN else 403)
        assert not item.entries.exists()


def test_the_clerk_writes_what_nobody_leads(world: World) -> None:
    orphan = factories.make_item(world.plan, lead=False)
    assert Access.of(world.users[Role.CLERK]).may_write(orphan)
    assert not Access.of(world.users[Role.STAFF]).may_write(orphan)


def test_a_role_is_held_from_its_first_day_to_its_last(world: World, settings: object) -> None:
    from datetime import date

    from measures.domain.people import grant

    person = factories.make_user(Role.AUDITOR, world.other)
    grant(
        actor=None,
        user=person,
        role=Role.HEAD,
        agency=world.agency,
        division=world.own_division,
        starts=date(2023, 2, 1),
        ends=date(2023, 2, 28),
    )
    seen = []
    for day in (date(2023, 1, 31), date(2023, 2, 1), date(2023, 2, 28), date(2023, 3, 1)):
        settings.DEMO_TODAY = day  # type: ignore[attr-defined]
        seen.append(Access.of(person).may_write(world.item))
    assert seen == [False, True, True, False]


def test_a_deactivated_person_and_a_visitor_see_nothing(world: World) -> None:
    person = world.users[Role.CLERK]
    person.is_active = False
    assert not Access.of(person).agencies().exists()
    assert not Access.of(AnonymousUser()).agencies().exists()


@pytest.mark.parametrize("who", [role for role in Role if role is not Role.ADMIN])
def test_the_admin_site_is_for_admins(world: World, who: Role) -> None:
    assert _client(world, who).get(reverse("admin:index")).status_code == 302
