"""The agencies in scope, for those who look after several."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from measures import clock
from measures.access import Access
from measures.queries.agencies import agency_rows
from measures.views.shell import shell_for


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency in scope with how far its round is, least reported first."""
    access = Access.of(request.user)
    rows = agency_rows(agencies=access.agencies(), today=clock.today())
    rows.sort(key=lambda row: (row.year is not None, row.percent_reported, row.percent_done))
    context = {
        "shell": shell_for(access=access, current="agencies"),
        "rows": rows,
        "may_export": access.exports_somewhere,
        "complete": sum(1 for row in rows if row.items and row.reported == row.items),
        "silent": sum(1 for row in rows if not row.reported),
    }
    return render(request, "agencies/list.html", context)
