"""Logging in and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator

from measures.domain.demo import accounts
from measures.forms import LoginForm


@method_decorator(login_not_required, name="dispatch")
class Login(auth_views.LoginView):
    """The login page; who is logged in already goes on."""

    form_class = LoginForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # An in-place edit whose session has ended is answered with 401: the page keeps the text and says so,
        # instead of swapping a login page into the list.
        if "HX-Request" in request.headers and not request.user.is_authenticated:
            return HttpResponse(status=401)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demo_accounts=accounts() if settings.DEMO else [], **kwargs)
