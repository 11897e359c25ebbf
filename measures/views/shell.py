"""The frame of a page: who is logged in, where they may go, which agency, year and round they look at."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from measures import clock, thai
from measures.access import Access, Capability
from measures.enums import Role
from measures.models import Plan, Round


class HtmxRequest(HttpRequest):
    """A request as the middleware of htmx leaves it: `htmx` is true where a part of a page is asked for."""

    htmx: HtmxDetails


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Part:
    """A piece of the context bar; on phones `short` stands for the text; the detail is for wide screens."""

    text: str
    detail: str = ""
    short: str = ""


@dataclass(frozen=True)
class Shell:
    """What base.html shows round the content; `parts` follow the heading in the context bar."""

    account: str
    thai_digits: bool
    nav: tuple[NavItem, ...]
    heading: str
    parts: tuple[Part, ...]


def shell_for(*, access: Access, plan: Plan | None = None, round_: Round | None = None, current: str = "") -> Shell:
    """The frame for this user on the page named `current` (a URL name), within a plan where there is one."""
    return Shell(
        account=str(access.user),
        thai_digits=plan.agency.thai_digits if plan else True,
        nav=tuple(_nav(access, plan, current)),
        heading=plan.agency.name if plan else "",
        parts=tuple(_parts(plan, round_)) if plan else (),
    )


def _nav(access: Access, plan: Plan | None, current: str) -> list[NavItem]:
    entries: list[tuple[str, str, tuple[str, int] | tuple[()]]] = []
    if access.roles & {Role.PROVINCE, Role.ADMIN}:
        entries.append(("agencies", "หน่วยงาน", ()))
    if plan:
        scope = (plan.agency.slug, plan.year)
        mine = "งานของฉัน" if access.division_ids(plan.agency) else "รายการทั้งหมด"
        entries.append(("work", mine, scope))
        if access.may(Capability.OVERSEE, plan.agency):
            entries.append(("round", "รอบรายงาน", scope))
        entries.append(("dashboard", "ภาพรวม", scope))
        if access.may(Capability.EXPORT, plan.agency):
            entries.append(("reports", "รายงาน", scope))
    if access.exports_somewhere:
        entries.append(("exports", "แฟ้มส่งออก", ()))
    return [NavItem(label, reverse(name, args=args), name == current) for name, label, args in entries]


def _parts(plan: Plan, round_: Round | None) -> list[Part]:
    """Year, round with its days, and what the calendar asks."""
    parts = [Part(f"ปีงบประมาณ {plan.year}", short=f"ปี {plan.year}")]
    if round_:
        starts, ends = (thai.thai_date(day, thai=False, short=True) for day in (round_.starts, round_.ends))
        parts.append(Part(f"รอบที่ {round_.number}", f"({starts} – {ends})"))
        parts.append(_deadline(round_, ends))
    return parts


def _deadline(round_: Round, ends: str) -> Part:
    if not round_.is_open:
        return Part(round_.get_state_display())
    left = (round_.ends - clock.today()).days
    return Part(f"ส่งภายใน {ends}", f"เหลือ {left} วัน") if left >= 0 else Part(f"กำหนดส่ง {ends}", "ยังเปิดรับ")
