"""The one clock: every rule about days asks here, so that a demo or a test can set the day."""

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The local day, or DEMO_TODAY where that is set."""
    fixed: date | None = settings.DEMO_TODAY
    return fixed or timezone.localdate()
