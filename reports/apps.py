"""The reports app: its layouts are checked when the portal starts."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "รายงาน"

    def ready(self) -> None:
        from reports import checks  # noqa: F401  registers the check
