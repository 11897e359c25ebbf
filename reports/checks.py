"""System check: every layout of the portal can be read."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from reports.layout import LayoutError, layouts


@register()
def layouts_load(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One error that names file and key where a layout is wrong."""
    try:
        layouts()
    except LayoutError as error:
        return [Error(str(error), id="reports.E001")]
    return []
