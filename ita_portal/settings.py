"""Settings, all from the environment; a wrong one stops the start with one line in Thai."""

from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def stop(message: str) -> NoReturn:
    raise SystemExit(f"เริ่มระบบไม่ได้: {message}")


def port() -> int:
    try:
        number = env.int("PORT", default=8000)
    except (ImproperlyConfigured, ValueError):
        stop("PORT ต้องเป็นเลขอารบิก เช่น PORT=8000")
    if not 0 < number < 65536:
        stop("PORT ต้องอยู่ระหว่าง 1 ถึง 65535")
    return number


def secret_key() -> str:
    """SECRET_KEY, or what `make run` wrote into var/ (a server in production insists on the former)."""
    key = env.str("SECRET_KEY", default="")
    if not key and (VAR_DIR / "secret_key").is_file():
        key = (VAR_DIR / "secret_key").read_text().strip()
    if not key:
        stop("ยังไม่ได้กำหนด SECRET_KEY — ใช้ข้อความสุ่มอย่างน้อย 50 ตัวอักษร หรือสั่ง make run เพื่อทดลองใช้")
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        stop("SECRET_KEY เดาง่ายเกินไป — ใช้ข้อความสุ่มอย่างน้อย 50 ตัวอักษร")
    return key


def demo_today() -> date | None:
    """The day that the demo takes for today (C.E., YYYY-MM-DD); None means the real one."""
    text = env.str("DEMO_TODAY", default="")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        stop(f"DEMO_TODAY={text} ไม่ใช่วันที่ — เขียนแบบ ค.ศ. เช่น DEMO_TODAY=2020-03-31")
    if day.year > 2400:
        stop(f"DEMO_TODAY={text} เป็นปี พ.ศ. — เขียนแบบ ค.ศ. เช่น DEMO_TODAY=2020-03-31")
    return day


def database() -> dict[str, Any]:
    """DATABASE_URL; SQLite in var/ when there is none."""
    try:
        config: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
    except (ImproperlyConfigured, ValueError):
        config = {}
    if config.get("ENGINE") == "django.db.backends.sqlite3":
        # IMMEDIATE: a writer waits its turn at BEGIN instead of failing with "locked" half-way.
        # FULL: an acknowledged official record survives a power cut.
        # recursive_triggers: without it INSERT OR REPLACE slips past the audit's DELETE trigger.
        return config | {
            "ENGINE": "ita_portal.sqlite",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA recursive_triggers=ON; PRAGMA foreign_keys=ON",
            },
        }
    if config.get("ENGINE") == "django.db.backends.postgresql":
        # template0 and UTF8 for the tests' database: Thai needs UTF-8 whatever the server's default is.
        return config | {
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "TEST": {"TEMPLATE": "template0", "CHARSET": "UTF8"},
        }
    stop("DATABASE_URL ใช้ไม่ได้ — เขียนแบบ sqlite:////ที่อยู่/db.sqlite3 หรือ postgres://ผู้ใช้:รหัสผ่าน@เครื่อง:5432/ฐานข้อมูล")


# --- Where it runs -----------------------------------------------------------------------------------------

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).absolute()
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
PRODUCTION = not DEBUG and not DEMO
DEMO_TODAY = demo_today()
SECRET_KEY = secret_key()
HOST = env.str("HOST", default="127.0.0.1")
PORT = port()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
if ALLOWED_HOSTS or not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]  # the machine itself asks /healthz and /readyz
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATABASES = {"default": database()}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # one queue, in the database we have

# --- What it is made of ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "measures",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "ita_portal.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Closed unless said otherwise: a page for everybody carries @login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

ROOT_URLCONF = "ita_portal.urls"
WSGI_APPLICATION = "ita_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Language and time -------------------------------------------------------------------------------------

LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย")]
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# --- Accounts ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "measures.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: one long working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True

# --- Security ----------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "connect-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from the machine itself, without TLS
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # A browser takes a __Host- cookie only over TLS and from this very host.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes without files; 100,000 Thai letters take 900 kB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Files -------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"  # never served by URL: a view that authorises hands files out
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if PRODUCTION:
    STATIC_ROOT = VAR_DIR / "static"
    STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
else:
    WHITENOISE_USE_FINDERS = True  # straight from static/, no collectstatic before a demo
    WHITENOISE_MAX_AGE = 0

# --- Log ---------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "ita_portal.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "filters": ["request_id"],
            "formatter": "line",
        },
    },
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stdout"], "level": "INFO", "propagate": False},
        # Scanners send made-up host names all day; they get their 400, and the log stays readable.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # The queue tells of each turn and task at INFO; the worker tells of each export.
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        # PDF engine and font subsetter tell of each step at INFO.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
