"""Django's admin site, for looking only: writes go through the portal's pages, and so into the audit trail."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin  # noqa: F401 - importing registers Group, before we unregister it
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest

from measures.models import Agency, AuditEvent, Division, Framework, Membership, Plan, Round, User


class ReadOnlyAdmin(admin.ModelAdmin):
    """Nothing to add, change or delete."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("chain", "sequence", "at", "actor_label", "action", "object_label")
    list_filter = ("chain", "action")


class UserAdmin(ReadOnlyAdmin):
    list_display = ("username", "display_name", "is_active", "last_login")
    exclude = ("password",)


class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "role", "agency", "division", "province", "starts", "ends")
    list_select_related = ("user", "agency", "division")


admin.site.unregister(Group)
admin.site.register(AuditEvent, AuditEventAdmin)
admin.site.register(User, UserAdmin)
admin.site.register(Membership, MembershipAdmin)
admin.site.register((Agency, Division, Framework, Plan, Round), ReadOnlyAdmin)
