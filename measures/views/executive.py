"""ภาพรวมผู้บริหาร: where the plan stands, to be read in half a minute."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from measures import clock
from measures.access import Access
from measures.queries.dashboard import RoundView, agency_dashboard
from measures.templatetags.charts import count_of
from measures.templatetags.thai import FACES, Face
from measures.views.filters import ALL, WorkFilters, round_choices
from measures.views.shell import shell_for


@dataclass(frozen=True)
class Line:
    """How many items are in a state, round by round."""

    face: Face
    counts: tuple[int, ...]


@require_safe
def dashboard(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Completion, round against round, indicators, divisions, what is late; every figure leads to its items."""
    access = Access.of(request.user)
    plan = access.plan(slug, year)
    asked = WorkFilters.read(request.GET).round
    board = agency_dashboard(plan=plan, today=clock.today(), number=asked)
    both = sorted(filter(None, (board.current, board.other)), key=lambda view: view.round.number)
    chosen = board.current.round if board.current else access.round(plan, asked or 1)
    context = {
        "shell": shell_for(access=access, plan=plan, round_=chosen, current="dashboard"),
        "plan": plan,
        "board": board,
        "current": board.current,
        "both": both,
        "compared": compared(both),
        "rounds": round_choices(WorkFilters(), plan, chosen),
        "all_divisions": ALL,
        "today": clock.today(),
    }
    return render(request, "executive/dashboard.html", context)


def compared(rounds: Sequence[RoundView]) -> list[Line]:
    """The states that occur in one of the rounds."""
    lines = [Line(face, tuple(count_of(view.counts, state) for view in rounds)) for state, face in FACES.items()]
    return [line for line in lines if any(line.counts)]
