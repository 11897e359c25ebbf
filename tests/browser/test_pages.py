"""The pages in a real browser, on a phone and on a desk: every role, in place and without script.

The fixtures fail a test when a page writes an error to the console, which a breach of the CSP does.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from measures.domain import rounds
from measures.enums import Role, Status
from measures.models import ProgressEntry
from tests import factories
from tests.factories import World

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (360, 1280)
SignIn = Callable[["Page", Any], None]
NewPage = Callable[..., "Page"]


def work_url(world: World) -> str:
    return reverse("work", args=(world.agency.slug, world.plan.year))


def dashboard_url(world: World) -> str:
    return reverse("dashboard", args=(world.agency.slug, world.plan.year))


def pages_of(world: World, role: Role) -> list[str]:
    scope = (world.agency.slug, world.plan.year)
    pages = [
        work_url(world),
        dashboard_url(world),
        reverse("work_item", args=(*scope, world.item.pk)),
        reverse("agencies"),
    ]
    exports = role not in (Role.STAFF, Role.PROVINCE)
    return [*pages, reverse("round", args=scope), reverse("reports", args=scope)] if exports else pages


def open_form(page: "Page", world: World) -> "Locator":
    page.goto(f"{work_url(world)}#item-{world.item.pk}")  # which opens the group that the item is in
    page.locator(f"#item-{world.item.pk} a.go").click()
    expect(page.locator(f"#item-{world.item.pk} h3")).to_be_focused()
    return page.locator(f"#item-{world.item.pk} form")


def press(form: "Locator", name: str) -> None:
    form.get_by_role("button", name=name, exact=True).click()


def expect_status(problems: list[str], status: int) -> None:
    """The browser, and for some htmx, writes a refused request to the console; this test asked for it."""
    known = (f"status of {status}", f"Status Error Code {status}")
    assert [problem for problem in problems if not any(words in problem for words in known)] == []
    assert problems
    problems.clear()


def sideways(page: "Page") -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("role", Role)
def test_each_role_logs_in_and_lands_at_its_work(world: World, page_360: "Page", role: Role) -> None:
    page_360.goto("/")
    page_360.get_by_label("ชื่อผู้ใช้").fill(world.users[role].username)
    page_360.get_by_label("รหัสผ่าน").fill(factories.PASSWORD)
    page_360.get_by_role("button", name="เข้าสู่ระบบ").click()
    landing = {Role.PROVINCE: "หน่วยงานในความดูแล", Role.ADMIN: "หน่วยงานในความดูแล", Role.CLERK: "รอบรายงาน"}
    landing |= {Role.EXECUTIVE: "ภาพรวมผู้บริหาร", Role.AUDITOR: "ภาพรวมผู้บริหาร"}
    assert page_360.locator(".page-head h1").inner_text() == landing.get(role, "งานของฉัน")
    page_360.get_by_text("เมนู", exact=True).click()
    page_360.get_by_role("button", name="ออกจากระบบ").click()
    assert page_360.get_by_label("รหัสผ่าน").is_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("role", Role)
def test_pages_are_accessible_and_fit(
    world: World, new_page: NewPage, sign_in: SignIn, axe: Callable[["Page"], list[str]], role: Role, width: int
) -> None:
    factories.make_entry(world.second_item, status=None)
    page = new_page(width)
    sign_in(page, world.users[role])
    for url in pages_of(world, role):
        page.goto(url)
        assert (url, axe(page), sideways(page)) == (url, [], 0)


@pytest.mark.parametrize("width", WIDTHS)
def test_login_and_missing_page_are_accessible_and_fit(
    world: World, new_page: NewPage, sign_in: SignIn, axe: Callable[["Page"], list[str]],
    page_problems: list[str], width: int,
) -> None:  # fmt: skip
    page = new_page(width)
    page.goto("/login/")
    assert (axe(page), sideways(page)) == ([], 0)
    sign_in(page, world.users[Role.STAFF])
    page.goto("/no/such/page/")
    assert (axe(page), sideways(page)) == ([], 0)
    expect_status(page_problems, 404)


@pytest.mark.parametrize("width", WIDTHS)
def test_staff_edits_in_place_and_the_dashboard_moves(
    world: World, new_page: NewPage, sign_in: SignIn, width: int
) -> None:
    page = new_page(width)
    sign_in(page, world.users[Role.STAFF])
    form = open_form(page, world)
    form.get_by_text("ดำเนินการแล้ว", exact=True).click()
    form.get_by_label("ผลการดำเนินการ").fill("จัดทำประกาศแล้ว เมื่อ ๑๕ มีนาคม ๒๕๖๖")
    form.get_by_label("ลิงก์หลักฐาน").fill("https://www.example.go.th/a.pdf")
    form.get_by_label("วันที่ของหลักฐาน").fill("๑๕/๓/๒๕๖๖")
    press(form, "บันทึก")
    row = page.locator(f"#item-{world.item.pk}.row-item")
    row.get_by_text("บันทึกแล้ว").wait_for()
    assert row.locator(".state").inner_text() == "ดำเนินการแล้ว"
    assert page.locator("#summary svg[role=img]").get_attribute("aria-label") == "ดำเนินการแล้ว ๑ จาก ๑ รายการ"
    assert sideways(page) == 0
    page.goto(dashboard_url(world))
    assert "ดำเนินการแล้ว ๑ จาก ๒ รายการ" in " ".join(page.locator(".page-head").inner_text().split())
    entry = ProgressEntry.objects.get()
    assert (entry.status, entry.evidence.get().label) == (Status.DONE, "www.example.go.th")


def test_wrong_link_is_explained_beside_the_field(
    world: World, page_360: "Page", sign_in: SignIn, page_problems: list[str], axe: Callable[["Page"], list[str]]
) -> None:
    sign_in(page_360, world.users[Role.STAFF])
    form = open_form(page_360, world)
    form.get_by_label("ผลการดำเนินการ").fill("ข้อความที่พิมพ์ไว้")
    form.get_by_label("ลิงก์หลักฐาน").fill("www.example.go.th")
    press(form, "บันทึก")
    form.get_by_text("ลิงก์ต้องขึ้นต้นด้วย https://").wait_for()
    assert form.get_by_label("ผลการดำเนินการ").input_value() == "ข้อความที่พิมพ์ไว้"
    assert axe(page_360) == []
    expect_status(page_problems, 422)
    form.get_by_label("ลิงก์หลักฐาน").fill("https://www.example.go.th")
    press(form, "เพิ่มอีกลิงก์")
    form.get_by_label("ลิงก์หลักฐาน").nth(1).wait_for()
    press(form, "บันทึก")
    page_360.locator(f"#item-{world.item.pk}.row-item").wait_for()
    assert ProgressEntry.objects.get().evidence.count() == 1


def test_save_and_next_opens_the_following_form(world: World, page_1280: "Page", sign_in: SignIn) -> None:
    following = factories.make_item(world.plan, step="ข้อถัดไป")
    sign_in(page_1280, world.users[Role.STAFF])
    form = open_form(page_1280, world)
    press(form, "บันทึก แล้วทำข้อถัดไป")
    expect(page_1280.locator(f"#item-{following.pk}.edit h3")).to_be_focused()
    assert page_1280.locator("li.edit").count() == 1


def test_item_is_reported_with_the_keyboard_alone(world: World, page_1280: "Page", sign_in: SignIn) -> None:
    sign_in(page_1280, world.users[Role.STAFF])
    page_1280.goto(work_url(world))
    page_1280.locator(f"#item-{world.item.pk} a.go").focus()
    page_1280.keyboard.press("Enter")
    expect(page_1280.locator("li.edit h3")).to_be_focused()
    page_1280.keyboard.press("Tab")  # from the item's text to the chosen status, which is unknown
    for _ in range(4):
        page_1280.keyboard.press("ArrowUp")
    page_1280.keyboard.press("Tab")
    page_1280.keyboard.type("ทำด้วยแป้นพิมพ์")
    page_1280.keyboard.press("Tab")
    page_1280.keyboard.press("Tab")
    page_1280.keyboard.press("Enter")  # in the field of the link: Enter saves
    expect(page_1280.locator(f"#item-{world.item.pk}.row-item a.go")).to_be_focused()
    entry = ProgressEntry.objects.get()
    assert (entry.status, entry.result) == (Status.DONE, "ทำด้วยแป้นพิมพ์")


@pytest.mark.parametrize("width", WIDTHS)
def test_two_people_on_one_item_lose_nothing(
    world: World, new_page: NewPage, sign_in: SignIn, page_problems: list[str],
    axe: Callable[["Page"], list[str]], width: int,
) -> None:  # fmt: skip
    page = new_page(width)
    sign_in(page, world.users[Role.STAFF])
    form = open_form(page, world)
    factories.make_entry(world.item, result="ข้อความของหัวหน้า", actor=world.users[Role.HEAD])
    form.get_by_label("ผลการดำเนินการ").fill("ข้อความของฉัน")
    press(form, "บันทึก")
    form.get_by_text("ฉบับที่บันทึกไว้แล้ว", exact=True).first.wait_for()
    assert "ข้อความของหัวหน้า" in form.inner_text()
    assert form.get_by_label("ผลการดำเนินการ").input_value() == "ข้อความของฉัน"
    assert (axe(page), sideways(page)) == ([], 0)
    expect_status(page_problems, 409)
    press(form, "นำมาต่อท้ายของฉัน")
    expect(form.get_by_label("ผลการดำเนินการ")).to_have_value("ข้อความของฉัน\nข้อความของหัวหน้า")
    press(form, "บันทึกฉบับของฉัน")
    page.locator(f"#item-{world.item.pk}.row-item").wait_for()
    assert ProgressEntry.objects.get().result == "ข้อความของฉัน\nข้อความของหัวหน้า"


def test_ended_session_keeps_the_text_on_the_page(
    world: World, page_360: "Page", sign_in: SignIn, page_problems: list[str]
) -> None:
    sign_in(page_360, world.users[Role.STAFF])
    form = open_form(page_360, world)
    form.get_by_label("ผลการดำเนินการ").fill("ข้อความยาวที่เพิ่งพิมพ์")
    page_360.context.clear_cookies(name="sessionid")
    press(form, "บันทึก")
    form.get_by_text("หมดเวลาใช้งาน").wait_for()
    assert form.get_by_label("ผลการดำเนินการ").input_value() == "ข้อความยาวที่เพิ่งพิมพ์"
    expect_status(page_problems, 401)


def test_closed_round_is_read_only_with_a_reason(world: World, page_360: "Page", sign_in: SignIn) -> None:
    factories.make_entry(world.item, result="ก่อนปิดรอบ")
    rounds.close_round(actor=None, round_=factories.round_of(world.plan))
    sign_in(page_360, world.users[Role.STAFF])
    page_360.goto(f"{work_url(world)}?round=1")
    page_360.locator("summary", has_text="ตัวชี้วัดที่ ๑").click()
    page_360.locator(f"#item-{world.item.pk} a.go").click()
    opened = page_360.locator(f"#item-{world.item.pk}.edit")
    opened.get_by_text("ก่อนปิดรอบ").wait_for()
    assert "ปิดรอบแล้ว" in opened.inner_text()
    assert opened.locator("textarea").count() == 0
    opened.get_by_role("link", name="ปิด", exact=True).click()
    page_360.locator(f"#item-{world.item.pk}.row-item").wait_for()


def test_everything_works_without_script(world: World, new_page: NewPage, sign_in: SignIn) -> None:
    factories.make_entry(world.item, number=1, result="รอบแรกทำแล้ว")
    page = new_page(360, javascript=False)
    sign_in(page, world.users[Role.STAFF])
    page.goto(f"{work_url(world)}?round=2")
    page.locator(f"#item-{world.item.pk} a.go").click()
    form = page.locator(f"#item-{world.item.pk} form")
    press(form, "คัดลอกมาแก้ต่อ")
    assert form.get_by_label("ผลการดำเนินการ").input_value() == "รอบแรกทำแล้ว"
    form.get_by_label("ลิงก์หลักฐาน").fill("https://www.example.go.th")
    press(form, "เพิ่มอีกลิงก์")
    form.get_by_text("อยู่ระหว่างดำเนินการ", exact=True).click()
    press(form, "บันทึก")
    assert "บันทึกแล้ว" in page.locator(".notice-ok").inner_text()
    assert page.url.endswith(f"?round=2#item-{world.item.pk}")
    entry = ProgressEntry.objects.get(round__number=2)
    assert (entry.status, entry.result, entry.evidence.count()) == (Status.IN_PROGRESS, "รอบแรกทำแล้ว", 1)
    page.get_by_role("link", name="อยู่ระหว่างดำเนินการ").click()
    assert page.url.endswith("?round=2&state=IN_PROGRESS")
    assert page.locator(".row-item").count() == 1


def test_typed_markup_runs_nowhere(world: World, page_1280: "Page", sign_in: SignIn) -> None:
    attack = "<img src=x onerror=\"document.title='ถูกเจาะ'\"><script>document.title='ถูกเจาะ'</script>"
    factories.make_entry(world.item, result=attack, outcome=attack)
    sign_in(page_1280, world.users[Role.STAFF])
    form = open_form(page_1280, world)
    assert form.get_by_label("ผลการดำเนินการ").input_value() == attack
    press(form, "บันทึก")
    page_1280.locator(f"#item-{world.item.pk}.row-item").wait_for()
    page_1280.goto(f"{work_url(world)}?round=2")
    page_1280.locator(f"#item-{world.item.pk} a.go").click()
    page_1280.get_by_text("รอบก่อนรายงานไว้ว่า").wait_for()
    assert "ถูกเจาะ" not in page_1280.title()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_clerk_closes_a_round_and_opens_it_again(
    world: World, new_page: NewPage, sign_in: SignIn, page_problems: list[str],
    axe: Callable[["Page"], list[str]], width: int,
) -> None:  # fmt: skip
    factories.make_entry(world.item, result=f"ตามคู่มือของ{world.other.name} เมื่อ ๑ มกราคม ๒๕๖๐")
    clerk, staff = new_page(width), new_page(width)
    sign_in(clerk, world.users[Role.CLERK])
    sign_in(staff, world.users[Role.STAFF])
    item = f"{work_url(world)}{world.item.pk}/?round=1"
    clerk.goto(f"{reverse('round', args=(world.agency.slug, world.plan.year))}?round=1")
    clerk.locator("summary", has_text="มีชื่อหน่วยงานอื่นในข้อความ").click()
    assert clerk.locator("#gap-other_agency mark").inner_text() == world.other.name
    assert (axe(clerk), sideways(clerk)) == ([], 0)
    clerk.get_by_role("button", name="ปิดรอบที่ ๑").click()
    clerk.get_by_role("alert").get_by_text("ระบุเหตุผล").wait_for()
    assert (axe(clerk), sideways(clerk)) == ([], 0)
    expect_status(page_problems, 422)
    clerk.get_by_label("เหตุผล").fill("ครบกำหนดส่งแล้ว กองคลังยังไม่รายงาน")
    clerk.get_by_role("button", name="ปิดรอบที่ ๑").click()
    clerk.get_by_role("heading", name="รอบที่ ๑ ปิดแล้ว", level=2).wait_for()
    assert "ครบกำหนดส่งแล้ว กองคลังยังไม่รายงาน" in clerk.locator(".thread").inner_text()
    assert (axe(clerk), sideways(clerk)) == ([], 0)
    staff.goto(item)
    assert staff.locator("textarea").count() == 0
    clerk.get_by_label("เหตุผล").fill("กองคลังขอแก้ข้อความ")
    clerk.get_by_role("button", name="เปิดรอบที่ ๑ อีกครั้ง").click()
    clerk.get_by_role("heading", name="ปิดรอบที่ ๑", exact=True).wait_for()
    staff.goto(item)
    staff.get_by_label("ผลการดำเนินการ").fill("แก้แล้วหลังเปิดรอบอีกครั้ง")
    staff.get_by_role("button", name="บันทึก", exact=True).click()
    staff.locator(".notice-ok").wait_for()
    assert ProgressEntry.objects.get().result == "แก้แล้วหลังเปิดรอบอีกครั้ง"
