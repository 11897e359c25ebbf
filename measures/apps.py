"""The app: registers its system checks."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "measures"
    verbose_name = "มาตรการ ITA"

    def ready(self) -> None:
        from measures import checks  # noqa: F401 - importing registers them
