"""The demo: the five agencies of the source documents and one account per role and agency."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from measures.domain.people import create_user, grant
from measures.domain.plan_loading import load_plan
from measures.enums import Role
from measures.models import Agency, Membership, Plan, User

AGENCY_ACCOUNTS = {
    "staff": Role.STAFF,
    "head": Role.HEAD,
    "clerk": Role.CLERK,
    "exec": Role.EXECUTIVE,
    "auditor": Role.AUDITOR,
}


@dataclass(frozen=True)
class DemoAccount:
    username: str
    role: str
    scope: str


@transaction.atomic
def load_demo(*, folder: Path, password: str) -> list[Plan]:
    """Load every plan file of the folder whose agency is not there yet, and make the demo accounts."""
    loaded = [
        load_plan(path=path)
        for path in sorted(folder.glob("*.toml"))
        if not Agency.objects.filter(slug=path.stem.rsplit("-", 1)[0]).exists()
    ]
    for plan in loaded:
        for name, role in AGENCY_ACCOUNTS.items():
            _account(f"{name}@{plan.agency.slug}", role, plan.agency, password)
    _overseers(password)
    return loaded


def accounts() -> list[DemoAccount]:
    """The accounts there are, for the first screen of the demo."""
    rows = Membership.objects.select_related("user", "agency", "division").order_by("id")
    found: dict[str, DemoAccount] = {}
    for row in rows:
        scope = " ".join(filter(None, (str(row.agency or ""), str(row.division or ""), row.province)))
        earlier = found.get(row.user.username)
        if earlier is not None:
            scope = f"{earlier.scope} {scope}"
        found[row.user.username] = DemoAccount(row.user.username, Role(row.role).label, scope)
    return list(found.values())


def new_password() -> str:
    """A password for the demo accounts of one installation."""
    return secrets.token_urlsafe(9)


def _account(username: str, role: Role, agency: Agency, password: str) -> None:
    division = agency.divisions.first() if role in (Role.STAFF, Role.HEAD) else None
    name = f"{role.label} {division.name if division else ''}".strip()
    user = create_user(actor=None, username=username, display_name=name, password=password)
    grant(actor=None, user=user, role=role, agency=agency, division=division)


def _overseers(password: str) -> None:
    """`province`, who oversees every province of the demo, and `admin`."""
    if not User.objects.filter(username="province").exists():
        user = create_user(actor=None, username="province", display_name="ท้องถิ่นจังหวัด (สาธิต)", password=password)
        for province in Agency.objects.exclude(province="").values_list("province", flat=True).distinct():
            grant(actor=None, user=user, role=Role.PROVINCE, province=province)
    if not User.objects.filter(username="admin").exists():
        user = create_user(actor=None, username="admin", display_name="ผู้ดูแลระบบ (สาธิต)", password=password)
        user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_staff", "is_superuser"])
        grant(actor=None, user=user, role=Role.ADMIN)
