"""A request id for every request: in the log, the response, and on error pages to read out on the phone."""

import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_current: ContextVar[str] = ContextVar("request_id", default="-")


def request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: sets `request.id` and the X-Request-ID header. What a client sends in it is not trusted."""

    def middleware(request: HttpRequest) -> HttpResponse:
        identifier = secrets.token_hex(6)
        request.id = identifier  # type: ignore[attr-defined]
        token = _current.set(identifier)
        try:
            response = get_response(request)
        finally:
            _current.reset(token)
        response["X-Request-ID"] = identifier
        return response

    return middleware


class RequestIdFilter(logging.Filter):
    """Gives each log record the id of the request being served, or '-'."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get()
        return True
