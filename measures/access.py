"""The only gate: what a user may see and change. Outside one's scope is 404, inside but not allowed is 403."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from measures import clock
from measures.enums import Role
from measures.models import Agency, Membership, Plan, Round, User, WorkItem


class Capability(StrEnum):
    """What a role may do with an agency."""

    VIEW = "view"
    EXPORT = "export"
    OVERSEE = "oversee"
    MANAGE = "manage"


_READER = frozenset({Capability.VIEW, Capability.EXPORT, Capability.OVERSEE})
CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.STAFF: frozenset({Capability.VIEW}),
    Role.HEAD: _READER,
    Role.CLERK: _READER | {Capability.MANAGE},
    Role.EXECUTIVE: _READER,
    Role.AUDITOR: _READER,
    Role.PROVINCE: frozenset({Capability.VIEW}),
    Role.ADMIN: _READER,
}


@dataclass(frozen=True)
class Grant:
    """A membership in force today."""

    role: Role
    agency_id: int | None
    division_id: int | None
    province: str

    def covers(self, agency: Agency) -> bool:
        """Whether the grant speaks of the agency."""
        if self.role is Role.ADMIN:
            return True
        if self.role is Role.PROVINCE:
            return agency.province == self.province
        return self.agency_id == agency.pk


@dataclass(frozen=True)
class Access:
    """The grants of one user, read once a request."""

    user: User | AnonymousUser
    grants: tuple[Grant, ...] = field(default=())

    @classmethod
    def of(cls, user: User | AnonymousUser) -> "Access":
        """The user's grants in force today; none for a visitor or a deactivated person."""
        if not isinstance(user, User) or not user.is_active:
            return cls(user)
        today = clock.today()
        rows = Membership.objects.filter(
            Q(starts__isnull=True) | Q(starts__lte=today),
            Q(ends__isnull=True) | Q(ends__gte=today),
            user=user,
        ).order_by("id")
        return cls(user, tuple(Grant(Role(row.role), row.agency_id, row.division_id, row.province) for row in rows))

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Every role held today, in whatever agency."""
        return frozenset(grant.role for grant in self.grants)

    @cached_property
    def exports_somewhere(self) -> bool:
        """Whether there is an agency whose reports the user may take away."""
        return any(Capability.EXPORT in CAPABILITIES[grant.role] for grant in self.grants)

    def agencies(self) -> QuerySet[Agency]:
        """The agencies in scope."""
        if Role.ADMIN in self.roles:
            return Agency.objects.all()
        provinces = [grant.province for grant in self.grants if grant.role is Role.PROVINCE]
        ids = [grant.agency_id for grant in self.grants if grant.agency_id]
        return Agency.objects.filter(Q(pk__in=ids) | Q(province__in=provinces))

    def agency(self, slug: str) -> Agency:
        """The agency of that slug. Raises Http404 outside the scope."""
        found = self.agencies().filter(slug=slug).first()
        if found is None:
            raise Http404("ไม่พบหน่วยงานนี้ หรือหน่วยงานอยู่นอกขอบเขตของท่าน")
        return found

    def plan(self, slug: str, year: int) -> Plan:
        """The plan of an agency in scope. Raises Http404 when there is none."""
        agency = self.agency(slug)
        found = Plan.objects.select_related("agency", "framework", "analysed").filter(agency=agency, year=year).first()
        if found is None:
            raise Http404(f"{agency} ไม่มีแผนของปีงบประมาณ {year}")
        return found

    def work_item(self, plan: Plan, pk: int) -> WorkItem:
        """The work item of a plan in scope. Raises Http404 when the plan has no such item."""
        found = (
            WorkItem.objects.select_related("plan", "measure", "issue", "indicator", "oit_item", "lead_division")
            .filter(plan=plan, pk=pk)
            .first()
        )
        if found is None:
            raise Http404("ไม่พบรายการนี้ในแผนของหน่วยงาน")
        return found

    def capabilities(self, agency: Agency) -> frozenset[Capability]:
        """What the user may do with the agency."""
        held = [CAPABILITIES[grant.role] for grant in self.grants if grant.covers(agency)]
        return frozenset().union(*held)

    def may(self, capability: Capability, agency: Agency) -> bool:
        """Whether the user may do that with the agency."""
        return capability in self.capabilities(agency)

    def require(self, capability: Capability, agency: Agency) -> None:
        """Raise PermissionDenied unless the user may do that with the agency."""
        if not self.may(capability, agency):
            raise PermissionDenied("บทบาทของท่านไม่มีสิทธิ์ทำรายการนี้")

    def division_ids(self, agency: Agency) -> tuple[int, ...]:
        """The divisions of the agency in which the user is staff or head."""
        return tuple(grant.division_id for grant in self.grants if grant.covers(agency) and grant.division_id)

    def may_write(self, item: WorkItem) -> bool:
        """Whether the user reports this item: people of its lead division, or the clerk where it has none."""
        agency = item.plan.agency
        if item.lead_division_id is None:
            return self.may(Capability.MANAGE, agency)
        return item.lead_division_id in self.division_ids(agency)

    def require_write(self, item: WorkItem) -> None:
        """Raise PermissionDenied unless the user reports this item."""
        if not self.may_write(item):
            raise PermissionDenied("รายการนี้อยู่ในความรับผิดชอบของกอง/สำนักอื่น ท่านดูได้แต่แก้ไขไม่ได้")

    def round(self, plan: Plan, number: int) -> Round:
        """The round of a plan in scope. Raises Http404 when there is none."""
        found = plan.rounds.filter(number=number).first()
        if found is None:
            raise Http404(f"แผนนี้ไม่มีรอบที่ {number}")
        return found
