"""The first page after login: each role to where its work is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from measures import clock
from measures.access import Access
from measures.enums import Role
from measures.queries.agencies import agency_rows

LANDING = {
    Role.STAFF: "work",
    Role.HEAD: "work",
    Role.CLERK: "round",
    Role.EXECUTIVE: "dashboard",
    Role.AUDITOR: "dashboard",
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the latest plan of one's agency; those with several agencies, or none, to the list."""
    access = Access.of(request.user)
    rows = agency_rows(agencies=access.agencies(), today=clock.today())
    pages = [page for role, page in LANDING.items() if role in access.roles]
    if len(rows) == 1 and rows[0].year and pages and not access.roles & {Role.PROVINCE, Role.ADMIN}:
        return redirect(pages[0], rows[0].slug, rows[0].year)
    return redirect("agencies")
