"""Addresses of the portal's own pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from measures.views import agencies, auth, executive, home, report_form, rounds, work

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", auth.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("a/<slug:slug>/<int:year>/", executive.dashboard, name="dashboard"),
    path("a/<slug:slug>/<int:year>/work/", work.work, name="work"),
    path("a/<slug:slug>/<int:year>/work/<int:pk>/", work.work_item, name="work_item"),
    path("a/<slug:slug>/<int:year>/round/", rounds.show, name="round"),
    path("a/<slug:slug>/<int:year>/round/<int:number>/close/", rounds.close, name="round_close"),
    path("a/<slug:slug>/<int:year>/round/<int:number>/open/", rounds.reopen, name="round_open"),
    path("a/<slug:slug>/<int:year>/report-form/", report_form.edit, name="report_form"),
    path("a/<slug:slug>/<int:year>/report-form/emblem.png", report_form.emblem, name="report_emblem"),
]
