"""All settings, in one file. What an installation may set is read from the environment at the top, each with what it
means; a wrong one raises ImproperlyConfigured. docs/running-for-real.md has a whole environment to copy.
"""

import hashlib
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parent.parent

# --- The environment, read once ---

env = environ.Env()

# "local": one machine, no TLS. "production": TLS everywhere, and a SECRET_KEY of 50 characters or more.
MODE = env.str("MODE", default="local")
# Signs sessions and forms, and encrypts the secrets of code apps. With another, everyone signs in anew, and second
# locks have to be turned off by `manage.py second_lock_off`.
SECRET_KEY = env.str("SECRET_KEY", default="")
# The folder of all that the running app writes: the SQLite file, static files, the PDF service's socket.
VAR_DIR = Path(env.str("VAR_DIR", default=str(ROOT / "var")))
# sqlite:///… or postgres://…
DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'alongside.sqlite3'}")
# The host names this site answers to; a request for any other is refused.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# True only where a proxy of ours stands in front: its headers on TLS and on the client's address are believed.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
# Whether browsers that have been here must come by TLS to every name under this one too, for a year. Ask for it only
# where all of them have a certificate: it cannot be taken back.
HSTS_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
# Where the PDF service listens; not longer than 107 bytes.
PDF_SERVICE_SOCKET = env.str("PDF_SERVICE_SOCKET", default=str(VAR_DIR / "pdf-service.sock"))
# Goes into the hash of every plan card's words; with another, no card opens by its words any more. Set it, so that it
# does not change with SECRET_KEY.
CARD_PEPPER = env.str("CARD_PEPPER", default="") or hashlib.sha256(f"plan cards {SECRET_KEY}".encode()).hexdigest()
# Whether pages name static files by what is in them, so that browsers may keep them for good; `collectstatic` first.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=MODE == "production")
# In which zone dates and times are shown.
TIME_ZONE = env.str("TIME_ZONE", default="America/New_York")

if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. ./run makes one in var/secret-key; elsewhere, set 50 or more random characters."
    )
if MODE not in ("local", "production"):
    raise ImproperlyConfigured(f"MODE is {MODE!r}. Set it to 'local' (one machine, no TLS) or 'production'.")
PRODUCTION = MODE == "production"
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is too short to guard anyone's plan. Give it 50 or more random characters.")

DEBUG = False  # Never: a traceback page would show a person's words. Problems are read in the log.

# --- Apps and middleware ---

INSTALLED_APPS = [
    "recovery_plans",
    "peers",
    "crispy_forms",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Old phones, bad lines. Its random padding and the masked form tokens answer the BREACH attack.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "peers.middleware.no_store",
    "peers.middleware.known_methods",
    "peers.by_script.name_the_next_page",
    "peers.middleware.require_utf8",
    "csp.middleware.CSPMiddleware",
    "peers.middleware.refuse_impossible_session_key",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "peers.hands.in_their_hands",
    "peers.middleware.reader_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "peers.context_processors.page",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

CRISPY_TEMPLATE_PACK = "alongside"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("alongside",)
CRISPY_FAIL_SILENTLY = False

# --- The database: nothing that is acknowledged may be lost ---

DATABASES = {"default": env.db_url_config(DATABASE_URL)}
_database = DATABASES["default"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# SQLite before 3.51.3 can corrupt a WAL file that two worker processes reset at once; those keep the older journal.
SQLITE_JOURNAL = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "DELETE"

if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["CONN_MAX_AGE"] = None  # a file is opened once a thread, not once a page
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # the default mode fails with "database is locked" under two writers
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={SQLITE_JOURNAL}; PRAGMA synchronous=FULL; "
            "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
        ),
    }
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _database["CONN_HEALTH_CHECKS"] = True  # after a restart of PostgreSQL no page meets a connection that has gone
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "server_side_binding": True,  # so that PostgreSQL's own log never carries a person's words
        "prepare_threshold": 3,  # every page asks the same few queries: each connection lets PostgreSQL plan them once
        # While it is away a page says so after two seconds. An attempt is over within one, and the next request begins
        # another: with longer attempts the pauses between their tries grow, and a page that asks just after the
        # database is back would still wait in vain. As many connections as a worker has threads: none of them waits
        # for another.
        "connect_timeout": 2,
        "pool": {"min_size": 4, "max_size": 8, "timeout": 2, "reconnect_timeout": 1},
    }
else:
    raise ImproperlyConfigured(
        "DATABASE_URL names neither SQLite nor PostgreSQL. Set it to sqlite:///… or postgres://…"
    )

# --- Authentication and sessions ---

AUTH_USER_MODEL = "peers.User"
AUTHENTICATION_BACKENDS = ["peers.auth_backends.Passphrase", "peers.auth_backends.Card"]
# Read together with the user of a session, in one query: nearly every page of a person asks for their plan, and each
# one for the help lines of where they were met.
USER_READ_WITH = ["person__plan", "person__organization"]
LOGIN_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_COOKIE_NAME = "alongside"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "peers.views.problems.csrf_failure"
# Messages are short sentences for one page, in a signed cookie. In the session each would cost a commit of its own.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# --- Response headers ---

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes forms send "Origin: null", which the CSRF check refuses
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Where Leave goes: a page that anyone might have open. It cannot be set, as the pages promise the weather.
EXIT_SITE = "https://www.weather.gov/"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Leave is a plain form that ends on a neutral site; a browser follows the redirect only if it is named here.
        "form-action": [SELF, "https://" + urlsplit(EXIT_SITE).netloc],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HSTS_SUBDOMAINS
    # Other names under the same domain are not ours to decide about, unless HSTS_SUBDOMAINS says so.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    # Monitoring asks /healthz on the machine itself, without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A line holds 15,000 characters; a page of paper typed in at once holds many lines. Beyond 2.5 MB: 413.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- Languages and time zone ---

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True

# --- Static files ---

STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = VAR_DIR / "static"
# The fonts of the PDF are no browser's to ask for: packing them would only keep the first start waiting.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- The log: that something happened, never a person's words ---

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_words": {"()": "peers.log_formatting.NoWords"}},
    "formatters": {"line": {"()": "peers.log_formatting.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["no_words"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Its lines carry addresses of pages, and those can carry what someone typed.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
