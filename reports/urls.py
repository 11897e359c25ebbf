"""URLs of the reports of a plan, and of the files made in the background."""

from django.urls import path

from reports import views
from reports.background import views as job_views

urlpatterns = [
    path("exports/", job_views.exports, name="exports"),
    path("exports/start/", job_views.export_start, name="export_start"),
    path("exports/<uuid:uuid>/", job_views.export, name="export"),
    path("exports/<uuid:uuid>/cancel/", job_views.export_cancel, name="export_cancel"),
    path("exports/<uuid:uuid>/file", job_views.export_file, name="export_file"),
    path("a/<slug:slug>/<int:year>/exports/", job_views.plan_export, name="plan_export"),
    path("a/<slug:slug>/<int:year>/reports/", views.reports, name="reports"),
    path("a/<slug:slug>/<int:year>/reports/<slug:period>/", views.report_preview, name="report_preview"),
    path(
        "a/<slug:slug>/<int:year>/reports/<slug:period>/pages/<int:number>.png", views.report_page, name="report_page"
    ),
    path("a/<slug:slug>/<int:year>/reports/<slug:period>.<slug:suffix>", views.report_file, name="report_file"),
]
