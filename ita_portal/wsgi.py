"""WSGI entry point; refuses a production start that is not configured."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ita_portal.settings")
application = get_wsgi_application()

from ita_portal.start import refuse_unsafe_start  # noqa: E402  settings must be loaded first

refuse_unsafe_start()
