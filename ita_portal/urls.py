"""URLs of the project: the portal's pages, the reports, health checks and the admin."""

from django.contrib import admin
from django.urls import include, path

from measures.views import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("reports.urls")),
    path("", include("measures.urls")),
]

handler403 = "measures.views.errors.forbidden"
handler404 = "measures.views.errors.not_found"
handler500 = "measures.views.errors.server_error"
