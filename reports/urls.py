"""URLs of the reports of a plan."""

from django.urls import path

from reports import views

urlpatterns = [
    path("a/<slug:slug>/<int:year>/reports/", views.reports, name="reports"),
    path("a/<slug:slug>/<int:year>/reports/<slug:period>/", views.report_preview, name="report_preview"),
    path("a/<slug:slug>/<int:year>/reports/<slug:period>.<slug:suffix>", views.report_file, name="report_file"),
]
