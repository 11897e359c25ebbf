"""Fixtures that all tests share: the browser, its watch over errors, and triggers that survive a flush."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client, TransactionTestCase

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from measures.models import Plan
    from tests.factories import World

CHROMIUM = Path("/usr/bin/chromium")
BROWSER_TESTS = Path(__file__).parent / "browser"

# Programs that some tests need: the marker of those tests, and what is said where the program is missing.
PROGRAMS = {
    "browser": (CHROMIUM, "ไม่มี Chromium: ไม่ได้ทดสอบในเบราว์เซอร์ (ติดตั้งด้วย: sudo apt-get install -y chromium)"),
    "office": (
        Path("/usr/bin/soffice"),
        "ไม่มี LibreOffice: ไม่ได้เปิดแฟ้ม Word และ Excel ที่สร้าง "
        "(ติดตั้งด้วย: sudo apt-get install -y libreoffice-writer libreoffice-calc)",
    ),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the browser tests, and leave out those whose program is not on this machine."""
    missing = {marker for marker, (program, _) in PROGRAMS.items() if not program.exists()}
    kept, left_out = [], []
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker("browser")
        (left_out if any(item.get_closest_marker(marker) for marker in missing) else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for program, advice in PROGRAMS.values():
        if not program.exists():
            terminalreporter.write_line(advice, yellow=True)


@pytest.fixture(autouse=True, scope="session")
def reinstall_triggers() -> Iterator[None]:
    """Let transactional tests empty the database: triggers step aside for the flush and come back."""
    from measures import triggers

    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(self: TransactionTestCase) -> None:
        triggers.uninstall(connection)
        try:
            flush(self)
        finally:
            triggers.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield


@pytest.fixture(scope="module")
def five_plans(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, "Plan"]]:
    """The plans of the five source documents by agency, loaded once for a module and undone after it."""
    from measures.domain.frameworks import sync_frameworks
    from measures.domain.plan_loading import load_plan

    fixtures = settings.BASE_DIR / "fixtures"
    with django_db_blocker.unblock(), transaction.atomic():
        sync_frameworks(folder=fixtures / "frameworks")
        plans = [load_plan(path=path) for path in sorted((fixtures / "plans").glob("*.toml"))]
        yield {plan.agency.slug: plan for plan in plans}
        transaction.set_rollback(True)


@pytest.fixture
def world(db: None) -> "World":
    """Two small agencies and a person for every role."""
    from tests.factories import World

    return World()


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """The system's Chromium, driven by Playwright; one for each worker of the session."""
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop runs in this thread, and Django would refuse the database beside it.
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page_problems() -> Iterator[list[str]]:
    """What pages complained of; not empty at the end fails the test. A test that expects one removes it."""
    problems: list[str] = []
    yield problems
    assert problems == []


@pytest.fixture
def new_page(chromium: "Browser", live_server: Any, page_problems: list[str]) -> Iterator[Callable[[int], "Page"]]:
    """Opens a page of a width; console errors, CSP violations and exceptions go to `page_problems`."""
    contexts = []

    def open_page(width: int, *, javascript: bool = True) -> "Page":
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 800},
            locale="th-TH",
            timezone_id="Asia/Bangkok",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and page_problems.append(said.text))
        page.on("pageerror", lambda error: page_problems.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page_1280(new_page: Callable[[int], "Page"]) -> "Page":
    return new_page(1280)


@pytest.fixture
def page_360(new_page: Callable[[int], "Page"]) -> "Page":
    return new_page(360)


@pytest.fixture
def sign_in(live_server: Any) -> Callable[["Page", Any], None]:
    """`sign_in(page, user)`: the page's browser is logged in as `user`, without the login form."""

    def sign_in(page: "Page", user: Any) -> None:
        assert isinstance(user, get_user_model())
        client = Client()
        client.force_login(user)
        cookies = [
            {"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()
        ]
        page.context.add_cookies(cookies)

    return sign_in


@pytest.fixture(scope="session")
def axe_script() -> str:
    """axe-core, to be run with `page.evaluate`: accessibility rules checked on the page as it stands."""
    return (BROWSER_TESTS / "vendor" / "axe.min.js").read_text()


@pytest.fixture
def axe(axe_script: str) -> Callable[["Page"], list[str]]:
    """`axe(page)`: the accessibility violations of WCAG 2.2 AA, as 'rule: selector' lines."""

    def run(page: "Page") -> list[str]:
        page.evaluate(axe_script)
        found = page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        return [
            f"{violation['id']}: {' '.join(map(str, node['target']))}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return run
