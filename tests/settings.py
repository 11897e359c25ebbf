"""Settings of the tests: the real ones, with a key, a place of their own and a fast password hasher."""

import os
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "tests-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2)
os.environ.setdefault("DEMO", "1")
os.environ.setdefault("VAR_DIR", str(Path(__file__).resolve().parent.parent / "var" / "tests"))

from ita_portal.settings import *  # noqa: F403  the environment above comes first
from ita_portal.settings import DATABASES, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # each test client would otherwise scan all static files
if DATABASES["default"]["ENGINE"] == "ita_portal.sqlite":
    # A file, as in production: threads and the live server get connections and locks of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
