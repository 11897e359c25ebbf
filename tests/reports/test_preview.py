"""The preview: the PDF's own pages as pictures, made once, for those who may see the report."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from measures.domain.entries import save_entry
from measures.enums import Role, Status
from reports import preview, views
from reports.document import Document, Heading, Metadata, Page, Paragraph, Title
from reports.preview import Previews, key_of, to_read
from reports.renderers import RenderError
from reports.renderers.pdf.pictures import DENSITY
from tests.factories import World

UNPRINTABLE = "\U0010fffd"  # a character that is in no font
SCOPE = (1, "round1", "round-progress")


def document(text: str) -> Document:
    return Document(Metadata("ชื่อ", "หน่วยงาน"), Page(), (Title(("ชื่อ",)), Heading("ตอน"), Paragraph(text)))


@pytest.fixture
def clerk(world: World) -> Client:
    client = Client()
    client.force_login(world.users[Role.CLERK])
    return client


def address(world: World, name: str, *more: object) -> str:
    return reverse(name, args=(world.plan.agency.slug, world.plan.year, "round1", *more))


def pictures(page: Any) -> list[tuple[str, str, str]]:
    """Address, width and height of each picture of a page of the preview."""
    found = re.findall(r'<img src="([^"]+)" width="(\d+)" height="(\d+)"', page.content.decode())
    return [(url.replace("&amp;", "&"), width, height) for url, width, height in found]


def save(world: World, result: str, version: int = 0) -> None:
    save_entry(
        actor=world.users[Role.STAFF],
        item=world.item,
        round_=world.plan.rounds.get(number=1),
        expected_version=version,
        status=Status.DONE,
        result=result,
        outcome="",
    )


def test_pages_are_pictures_of_the_pdf(world: World, clerk: Client) -> None:
    page = clerk.get(address(world, "report_preview"))
    ((url, width, height),) = pictures(page)
    assert (width, height) == ("1123", "794")
    assert "๑ หน้า A4 แนวนอน" in page.content.decode()
    picture = clerk.get(url)
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture["Cache-Control"] == "private, max-age=86400, immutable"
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.width == pytest.approx(1123 * DENSITY, abs=2)
        assert image.convert("L").getextrema()[0] < 64  # something is printed on it


def test_picture_is_not_sent_again_and_not_kept_where_its_address_names_no_content(world: World, clerk: Client) -> None:
    plain = address(world, "report_page", 1)
    first = clerk.get(plain)
    assert first["Cache-Control"] == "private, no-cache"
    again = clerk.get(plain, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    save(world, "ทำแล้ว")
    changed = clerk.get(plain, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


@pytest.mark.parametrize("number", [0, 2, 999])
def test_page_that_does_not_exist_is_404(world: World, clerk: Client, number: int) -> None:
    assert clerk.get(address(world, "report_page", number)).status_code == 404


def test_picture_of_another_agency_is_not_found_by_its_content(world: World, clerk: Client) -> None:
    ((url, _, _),) = pictures(clerk.get(address(world, "report_preview")))
    version = url.split("v=")[1]
    slug = world.other_plan.agency.slug
    stolen = reverse("report_page", args=(slug, world.other_plan.year, "round1", 1))
    assert clerk.get(stolen, {"v": version}).status_code == 404
    assert preview.PREVIEWS.find((world.other_plan.pk, "round1", "round-progress"), version) is None


def test_report_can_be_read_as_text_under_one_title(world: World, clerk: Client) -> None:
    text = clerk.get(address(world, "report_preview")).content.decode()
    assert len(re.findall("<h1", text)) == 1
    assert re.findall(r"<h(\d)", text) == sorted(re.findall(r"<h(\d)", text))  # no level is skipped back over
    assert "มาตรการทดสอบ" in text.split('<details class="panel bleed-s as-text"')[1]
    assert 'alt="ภาพหน้า ๑ จาก ๑' in text


def test_long_report_is_shown_in_parts(world: World, clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    save(world, "ผลการดำเนินการที่ยาวมาก " * 800)
    monkeypatch.setattr(views, "PAGES_SHOWN", 2)
    first = clerk.get(address(world, "report_preview"))
    assert len(pictures(first)) == 2
    following = re.search(r'href="([^"]*part=2)"', first.content.decode())
    assert following is not None
    second = clerk.get(following.group(1).replace("&amp;", "&"))
    assert "/pages/3.png" in pictures(second)[0][0]
    assert "หน้า ๓–" in second.content.decode()


def test_report_that_cannot_be_printed_is_told_and_still_read(world: World, clerk: Client) -> None:
    save(world, f"คำที่ไม่มีแบบอักษร {UNPRINTABLE}")
    page = clerk.get(address(world, "report_preview"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "สร้าง PDF ไม่ได้" in text
    assert pictures(page) == []
    assert "คำที่ไม่มีแบบอักษร" in text
    assert clerk.get(address(world, "report_page", 1)).status_code == 404


def test_report_is_made_once_and_the_oldest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Previews(room=1)
    first = kept.make(SCOPE, document("หนึ่ง"))
    assert kept.make(SCOPE, document("หนึ่ง")) is first
    assert kept.picture(first, 1) is kept.picture(first, 1)
    second = kept.make(SCOPE, document("สอง"))
    assert list(kept.kept) == [second.key]
    assert kept.find(SCOPE, first.key) is None
    assert kept.find((2, "round1", "round-progress"), second.key) is None


def test_key_tells_every_text_and_every_scope_apart() -> None:
    keys = {key_of(SCOPE, document("ก")), key_of(SCOPE, document("ข")), key_of((2, "round1", "x"), document("ก"))}
    assert len(keys) == 3
    assert key_of(SCOPE, document("ก")) in keys


def test_failed_preview_is_not_kept() -> None:
    kept = Previews()
    with pytest.raises(RenderError):
        kept.make(SCOPE, document(UNPRINTABLE))
    assert len(kept.kept) == 0


def test_headings_of_the_text_stand_below_those_of_the_page() -> None:
    levels = [block.level for block in to_read(document("ก")).blocks if isinstance(block, Heading)]
    assert levels == [3, 4]
