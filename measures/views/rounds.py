"""รอบรายงาน: the clerk's page of a round, and the acts on it: close, open, open again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from measures import clock
from measures.access import Access, Capability
from measures.domain.errors import DomainError
from measures.domain.rounds import close_round, open_round, reopen_round
from measures.enums import Period, RoundState
from measures.forms import ReasonForm
from measures.models import Plan, Round, User
from measures.queries.dashboard import current_round
from measures.queries.rounds import RoundBoard, round_board
from measures.templatetags.thai import digits
from measures.views.filters import WorkFilters, round_choices
from measures.views.shell import shell_for

FILES = (("pdf", "PDF"), ("xlsx", "Excel"), ("docx", "Word"))


@dataclass(frozen=True)
class RoundExport:
    """The files of one round in the plan's own form."""

    round: Round
    files: tuple[tuple[str, str], ...]


@dataclass
class Office:
    """One person before one round of one plan."""

    access: Access
    plan: Plan
    round: Round

    @classmethod
    def of(cls, request: HttpRequest, slug: str, year: int, number: int | None, needed: Capability) -> "Office":
        access = Access.of(request.user)
        plan = access.plan(slug, year)
        access.require(needed, plan.agency)
        chosen = current_round(plan, clock.today(), number)
        # A number that the plan has no round for, or a plan without rounds: the gate's own 404 says which.
        return cls(access, plan, chosen or access.round(plan, 1 if number is None else number))

    @cached_property
    def board(self) -> RoundBoard:
        return round_board(plan=self.plan, round_=self.round, today=clock.today())

    @property
    def url(self) -> str:
        path = reverse("round", args=(self.plan.agency.slug, self.plan.year))
        return f"{path}?round={self.round.number}"

    def form(self, data: Any = None) -> ReasonForm:
        """The reason that the round's next act asks for; required where the act has to be explained."""
        if self.round.state == RoundState.CLOSED:
            return ReasonForm(data, required=True, label="เหตุผลที่ต้องเปิดอีกครั้ง (ต้องระบุ)")
        if self.round.is_open and self.board.needs_reason:
            return ReasonForm(data, required=True, label="เหตุผลที่ปิดทั้งที่ยังไม่ครบ (ต้องระบุ)")
        return ReasonForm(data, required=False, label="หมายเหตุ (ถ้ามี)")

    def exports(self) -> list[RoundExport]:
        """The files of the rounds that the plan has a form of its own for, the round in view first."""
        if not self.access.may(Capability.EXPORT, self.plan.agency):
            return []
        periods = set(self.plan.layouts.values_list("period", flat=True))
        rounds = sorted((mark.round for mark in self.board.milestones), key=lambda row: row.pk != self.round.pk)
        return [
            RoundExport(row, tuple((label, self._file(period, suffix)) for suffix, label in FILES))
            for row in rounds
            if (period := Period.of_round(row.number)) in periods
        ]

    def _file(self, period: Period, suffix: str) -> str:
        return reverse("report_file", args=(self.plan.agency.slug, self.plan.year, period.value, suffix))


@require_safe
def show(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The round in view: who is silent, what is wrong, and what can be done about it."""
    asked = WorkFilters.read(request.GET).round
    return _page(request, Office.of(request, slug, year, asked, Capability.OVERSEE))


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, slug: str, year: int, number: int) -> HttpResponse:
    """Close the round; with a reason where something is left."""
    office = Office.of(request, slug, year, number, Capability.MANAGE)
    return _act(request, office, close_round, "ปิดรอบที่ {} แล้ว ข้อความถูกเก็บเป็นฉบับของรอบนี้")


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, slug: str, year: int, number: int) -> HttpResponse:
    """Open a planned round, or a closed one again with a reason."""
    office = Office.of(request, slug, year, number, Capability.MANAGE)
    closed = office.round.state == RoundState.CLOSED
    return _act(request, office, reopen_round if closed else open_round, "เปิดรอบที่ {} แล้ว กองรายงานและแก้ไขได้")


def _act(request: HttpRequest, office: Office, act: Callable[..., object], said: str) -> HttpResponse:
    if request.method != "POST":  # a reload, or back from a login that came in between
        return redirect(office.url)
    form = office.form(request.POST)
    if not form.is_valid():
        return _page(request, office, form=form, status=422)
    actor = cast(User, office.access.user)
    try:
        act(actor=actor, round_=office.round, reason=form.cleaned_data["reason"])
    except DomainError as refusal:
        current = office.access.round(office.plan, office.round.number)
        return _page(request, Office(office.access, office.plan, current), status=409, problem=str(refusal))
    messages.success(request, digits(said.format(office.round.number), office.plan.agency.thai_digits))
    return redirect(office.url)


def _page(
    request: HttpRequest, office: Office, *, form: ReasonForm | None = None, status: int = 200, problem: str = ""
) -> HttpResponse:
    plan, round_, board = office.plan, office.round, office.board
    context = {
        "shell": shell_for(access=office.access, plan=plan, round_=round_, current="round"),
        "plan": plan,
        "round": round_,
        "board": board,
        "rounds": round_choices(WorkFilters(), plan, round_),
        "round_url": office.url.partition("?")[0],
        "manages": office.access.may(Capability.MANAGE, plan.agency),
        "form": form or office.form(),
        "exports": office.exports(),
        "problem": problem,
    }
    return render(request, "round/page.html", context, status=status)
