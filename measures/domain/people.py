"""Agencies, divisions, people and what they are."""

from datetime import date

from django.db import transaction

from measures import thai
from measures.domain import audit
from measures.domain.errors import DomainError
from measures.enums import Role
from measures.models import Agency, Division, Membership, User


@transaction.atomic
def create_agency(
    *,
    actor: User | None,
    slug: str,
    name: str,
    short_name: str,
    kind: str,
    code: str | None = None,
    district: str = "",
    province: str = "",
    website: str = "",
    thai_digits: bool = True,
) -> Agency:
    """An agency. Raises DomainError when the slug is taken."""
    if Agency.objects.filter(slug=slug).exists():
        raise DomainError(f"มีหน่วยงานที่ใช้ชื่อย่อ {slug} แล้ว")
    agency = Agency.objects.create(
        slug=slug,
        name=thai.normalise(name),
        short_name=short_name,
        kind=kind,
        code=code,
        district=district,
        province=province,
        website=website,
        thai_digits=thai_digits,
    )
    audit.record(actor=actor, agency=agency, action="agency.create", target=agency, after={"name": agency.name})
    return agency


@transaction.atomic
def add_division(*, actor: User | None, agency: Agency, name: str) -> Division:
    """Append a division to the agency."""
    row = Division.objects.create(agency=agency, name=thai.normalise(name), position=agency.divisions.count() + 1)
    audit.record(actor=actor, agency=agency, action="division.add", target=row, after={"name": row.name})
    return row


@transaction.atomic
def create_user(*, actor: User | None, username: str, display_name: str, password: str) -> User:
    """A person who can log in. Raises DomainError when the name is taken."""
    if User.objects.filter(username=username).exists():
        raise DomainError(f"มีผู้ใช้ชื่อ {username} แล้ว")
    user = User.objects.create_user(username=username, password=password, display_name=display_name)
    audit.record(actor=actor, agency=None, action="user.create", target=user, after={"username": username})
    return user


@transaction.atomic
def grant(
    *,
    actor: User | None,
    user: User,
    role: Role,
    agency: Agency | None = None,
    division: Division | None = None,
    province: str = "",
    starts: date | None = None,
    ends: date | None = None,
) -> Membership:
    """Give a person a role; whether its scope fits is a constraint of the database."""
    row = Membership.objects.create(
        user=user, role=role, agency=agency, division=division, province=province, starts=starts, ends=ends
    )
    after = {"user": user.username, "role": role, "division": str(division) if division else None}
    audit.record(actor=actor, agency=agency, action="membership.grant", target=row, after=after)
    return row
