"""The pages of exports in a browser: the bar moves by itself, all works without script, on a desk and a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from measures.enums import Role
from measures.operations.beat import beat
from reports.background import jobs
from reports.background.asking import ask_for_many
from reports.models import Export
from tests.factories import World
from tests.reports.exports import ask_of, make_export

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OVERFLOWS = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = settings.VAR_DIR = tmp_path
    beat()


def held(world: World) -> Export:
    """A bundle of the admin's in the hands of a worker, one of two reports done."""
    ask = ask_for_many([world.plan, world.other_plan], period="round1", format="xlsx", data=False)
    export = jobs.take(jobs.start(actor=world.users[Role.ADMIN], ask=ask).pk)
    assert export is not None
    jobs.renew(export, done=1, total=2)
    return export


def publish(export: Export) -> None:
    part = jobs.part_of(export)
    part.write_bytes(b"made")
    assert jobs.publish(export, part, sha256="0" * 64, size=4, notes="อบต.ไกล: ไม่มีแบบรายงาน", total=2)


def test_bar_moves_and_the_file_appears_by_itself(
    world: World, page_1280: "Page", sign_in: Callable[..., None]
) -> None:
    from playwright.sync_api import expect

    export, page = held(world), page_1280
    sign_in(page, world.users[Role.ADMIN])
    page.goto(reverse("export", args=[export.uuid]))
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "50")
    jobs.renew(export, done=2, total=2)
    expect(bar).to_have_attribute("aria-valuenow", "100")
    publish(export)
    take = page.get_by_role("link", name="ดาวน์โหลด ZIP")
    expect(take).to_be_visible()
    with page.expect_download() as download:
        take.click()
    assert download.value.suggested_filename == export.download_name


def test_everything_works_without_script(
    world: World, new_page: Callable[..., "Page"], sign_in: Callable[..., None]
) -> None:
    page = new_page(360, javascript=False)
    sign_in(page, world.users[Role.ADMIN])
    page.goto(reverse("exports"))
    page.get_by_label("แฟ้ม", exact=True).select_option("data")
    page.get_by_role("button", name="เริ่มส่งออก").click()
    assert "ยังไม่เริ่ม" in page.inner_text("main")
    export = jobs.take(Export.objects.get().pk)
    assert export is not None
    page.get_by_role("link", name="ดูความคืบหน้าล่าสุด").click()
    assert "กำลังทำ" in page.inner_text("main")
    page.get_by_role("button", name="ยกเลิก").click()
    assert "ยกเลิกแล้ว" in page.inner_text("h1 + p")


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_fit_and_can_be_used_by_everybody(
    world: World,
    new_page: Callable[..., "Page"],
    sign_in: Callable[..., None],
    axe: Callable[["Page"], list[str]],
    width: int,
) -> None:
    admin, page = world.users[Role.ADMIN], new_page(width)
    failed = jobs.take(jobs.start(actor=admin, ask=ask_of(world.plan, format="pdf")).pk)
    assert failed is not None
    jobs.fail(failed, "แบบรายงานไม่มีที่พิมพ์ ๒ รายการ:\n- ก\n- ข")
    done, running = make_export(admin, world.plan), held(world)
    sign_in(page, admin)
    for url in [reverse("exports"), *(reverse("export", args=[row.uuid]) for row in (failed, done, running))]:
        page.goto(url)
        assert (url, axe(page), page.evaluate(OVERFLOWS)) == (url, [], False)
    publish(running)
    page.goto(reverse("export", args=[running.uuid]))
    assert (axe(page), page.evaluate(OVERFLOWS)) == ([], False)
