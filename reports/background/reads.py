"""Which exports a person sees, and what there is to export; scope and rights are measures.access's to say."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404

from measures.access import Access, Capability
from measures.models import Agency, Plan, User
from reports.models import Export

SHOWN = 50  # exports on the list, the newest


def person(access: Access) -> User:
    """Who is logged in; every page of exports is behind the login."""
    if not isinstance(access.user, User):
        raise Http404
    return access.user


def own_exports(access: Access) -> QuerySet[Export]:
    """The person's own exports whose agencies are all in scope today, newest first."""
    in_scope = Count("plans", filter=Q(plans__agency__in=access.agencies()))
    whole = Export.objects.filter(user=person(access)).annotate(in_scope=in_scope).filter(in_scope=F("plan_count"))
    return whole.order_by("-created_at", "-id")  # said here: Django drops a model's own order where it counts


def own_export(access: Access, uuid: UUID) -> Export:
    """An export of the person. Raises Http404 outside the scope, PermissionDenied without the right to export."""
    found = own_exports(access).filter(uuid=uuid).first()
    if found is None:
        raise Http404("ไม่พบแฟ้มนี้ หรือเป็นแฟ้มที่ผู้อื่นขอ หรือหน่วยงานอยู่นอกขอบเขตของท่านแล้ว")
    for agency in Agency.objects.filter(plans__exports=found).distinct():
        access.require(Capability.EXPORT, agency)
    return found


def exportable(access: Access) -> QuerySet[Agency]:
    """The agencies in scope whose reports the person may export."""
    refused = [agency.pk for agency in access.agencies() if not access.may(Capability.EXPORT, agency)]
    return access.agencies().exclude(pk__in=refused)


def require_somewhere(access: Access) -> None:
    """Raise PermissionDenied for who may export nothing at all."""
    if not exportable(access).exists():
        raise PermissionDenied("บทบาทของท่านไม่มีสิทธิ์ส่งออกรายงาน")


def exportable_plans(access: Access) -> QuerySet[Plan]:
    """The plans of those agencies."""
    return Plan.objects.filter(agency__in=exportable(access)).select_related("agency")
