"""Settings that every way of running shares. Secrets and addresses come from the environment, or from files."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env

from cseccase.database import database_of
from cseccase.embedded.folders import DataFolder
from cseccase.settings import limits

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent


def secret(name: str, default: str | None = None) -> str:
    """A secret from `NAME_FILE` (a mounted file) or `NAME`. Raises environs' error when neither is there."""
    path = env.str(f"{name}_FILE", "")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    value: str = env.str(name) if default is None else env.str(name, default)
    return value


PRODUCTION = False
DEBUG = False
PRACTICE_DATA = False
PRACTICE_SIGN_IN = False
SECRET_KEY = secret("SECRET_KEY", "practice-only-" + "0" * 50)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])

DATABASE_URL = secret("DATABASE_URL", "postgresql://cseccase_app@/cseccase")
DATABASE_OWNER_URL = secret("DATABASE_OWNER_URL", DATABASE_URL)
DATABASES = {
    "default": {
        **database_of(DATABASE_URL),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASE_OWNER = database_of(DATABASE_OWNER_URL)
DATABASE_APP_ROLE = database_of(DATABASE_URL)["USER"]
REDIS_URL = secret("REDIS_URL", "redis://127.0.0.1:6379/0")

KEYRING_FILE = env.str("KEYRING_FILE", str(DataFolder.of(BASE_DIR).path / "secrets" / "keyring.json"))

INSTALLED_APPS = [
    "cseccase",  # before Django's own, so that its `createsuperuser` is the one that answers
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "simple_history",
    "django_structlog",
    "cseccase.audit",
    "cseccase.encryption",
    "cseccase.outbox",
    "cseccase.drafts",
    "agencies",
    "referrals",
    "mdt",
    "reporting",
    "cseccase.confidentiality",
]

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
"""What was done is said once from the session, never from a cookie: it may hold an agency's name or a case number."""

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "agencies.middleware.SessionLimitMiddleware",
    "agencies.middleware.SecondFactorMiddleware",
    "agencies.middleware.ViewerMiddleware",
]

ROOT_URLCONF = "cseccase.urls"
WSGI_APPLICATION = "cseccase.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "csp.context_processors.nonce",
                "agencies.shell.shell",
                "referrals.banner.emergencies",
            ],
        },
    },
]

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- who signs in, and how -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "agencies.Person"
AUTHENTICATION_BACKENDS = [
    "agencies.backend.StaffBackend",
    "cseccase.confidentiality.grants.SectionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_LENGTH = limits.PASSWORD.read(os.environ)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "agencies.passwords.GuessablePasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "agencies.accounts.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
SIGN_IN_FAILURES = limits.FAILURES.read(os.environ)
SIGN_IN_FAILURES_WITHIN = timedelta(minutes=limits.FAILURES_WITHIN.read(os.environ))
# allauth's own counter guards the codes of the second step; passwords are counted in agencies.services.sign_in.
ACCOUNT_RATE_LIMITS = {
    "login_failed": f"20/m/ip,{SIGN_IN_FAILURES}/{int(SIGN_IN_FAILURES_WITHIN.total_seconds())}s/key"
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "agencies.accounts.StaffMFAAdapter"
MFA_FORMS = {
    "add_webauthn": "agencies.forms.passkey.PasskeyForm",
    "edit_webauthn": "agencies.forms.passkey.PasskeyNameForm",
}
MFA_TOTP_ISSUER = "Care Coordination"
SECOND_FACTOR_REQUIRED = True
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE = timedelta(minutes=limits.IDLE.read(os.environ))
SESSION_ABSOLUTE = timedelta(hours=limits.ABSOLUTE.read(os.environ))
SESSION_WARNING = timedelta(minutes=2)
STEP_UP_WITHIN = timedelta(minutes=limits.STEP_UP.read(os.environ))
REVIEW_EVERY = timedelta(days=limits.REVIEW.read(os.environ))
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(STEP_UP_WITHIN.total_seconds())
CSRF_FAILURE_VIEW = "cseccase.problems.csrf_failure"

# Sign-in limits must hold across processes, and signing in must not need Redis.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

# --- confidentiality ---------------------------------------------------------------------------------------------------
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # the backend is ours, built on guardian's
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = True
SIMPLE_HISTORY_FILEFIELD_TO_CHARFIELD = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# The access log is signed with the first key and verified with all. Keep it where no backup of the database is kept.
AUDIT_SEAL_KEYS: list[str] = secret("AUDIT_SEAL_KEYS", "").split() or [f"access log of {SECRET_KEY}"]
AUDIT_HEADS_FILE = env.str(
    "AUDIT_HEADS_FILE", ""
)  # on another machine's disk, if the log's tail is to be safe too
AUDIT_SEAL_SECONDS = env.float("AUDIT_SEAL_SECONDS", 60.0)

# --- the API: refuse unless a view says otherwise ------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["cseccase.api.permissions.DenyUnlessNamed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "cseccase.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Care Coordination",
    "DESCRIPTION": "Referrals, duties, team meetings and suppressed counts, under the same walls as the pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "HolderEnum": "referrals.choices.Holder.choices",
        "MeetingKindEnum": "mdt.choices.Kind.choices",
        "PartyKindEnum": "referrals.choices.PartyKind.choices",
        "MeetingModeEnum": "mdt.choices.Mode.choices",
        "ReportModeEnum": "referrals.choices.Mode.choices",
        "YesNoNotKnownEnum": "referrals.choices.Answer.choices",
    },
}

# --- workers: PostgreSQL is the truth, Celery makes it prompt -------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "max_retries": 3,
    "socket_timeout": 5,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
SWEEP_SECONDS = env.float("SWEEP_SECONDS", 20.0)
SWEEPER_SILENT_AFTER = timedelta(seconds=limits.SILENT.read(os.environ))
STAGE_LATE_AFTER = timedelta(seconds=limits.LATE.read(os.environ))
CELERY_BEAT_SCHEDULE = {
    "settle memberships": {
        "task": "agencies.tasks.memberships_settle",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "seal the access log": {
        "task": "cseccase.audit.tasks.log_seal",
        "schedule": AUDIT_SEAL_SECONDS,
        "options": {"expires": 120},
    },
    "verify the access log": {
        "task": "cseccase.audit.tasks.log_verify",
        "schedule": 86400.0,
        "options": {"expires": 3600},
    },
    "remind of reviews": {
        "task": "agencies.tasks.people_remind",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "count reports": {
        "task": "reporting.tasks.reports_resume",
        "schedule": 60.0,
        "options": {"expires": 120},
    },
    "sweep deadlines": {
        "task": "referrals.tasks.deadlines_sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": 60},
    },
    "look whether the deadlines are kept": {
        "task": "referrals.tasks.deadlines_reconcile",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "settle the agreement": {
        "task": "referrals.tasks.agreement_settle",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": 60},
    },
    "relay messages": {
        "task": "cseccase.outbox.tasks.messages_relay",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": 60},
    },
    "relay text messages": {
        "task": "cseccase.outbox.tasks.messages_relay",
        "schedule": SWEEP_SECONDS,
        "kwargs": {"channel": "text"},
        "options": {"expires": 60},
    },
    "relay notices to devices": {
        "task": "cseccase.outbox.tasks.messages_relay",
        "schedule": SWEEP_SECONDS,
        "kwargs": {"channel": "push"},
        "options": {"expires": 60},
    },
}

EMAIL_BACKEND = env.str("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
# Whoever runs the product: told of each new alarm by its name, with docs/deploy/runbook.md to look it up in.
ALARM_EMAILS: list[str] = env.list("ALARM_EMAILS", [])
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Care Coordination <no-reply@county.example>")
SITE_ADDRESS = env.str("SITE_ADDRESS", "http://localhost:8000")

# --- text messages and notices on devices: a county turns each on by naming its gateway, or whom push services may ask ---
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", "")
SMS_GATEWAY_TOKEN = secret("SMS_GATEWAY_TOKEN", "")
PUSH_KEY = secret("PUSH_KEY", "")
PUSH_CONTACT = env.str("PUSH_CONTACT", "")  # "mailto:…" or "https://…" (RFC 8292 2.1)
PUSH_SERVICES: list[str] = env.list("PUSH_SERVICES", []) or [
    "https://fcm.googleapis.com",
    "https://updates.push.services.mozilla.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
]
OUTBOX_GATEWAYS = {
    "text": "cseccase.outbox.gateways.TextGateway" if SMS_GATEWAY_URL else "",
    "push": "cseccase.outbox.gateways.PushGateway" if PUSH_KEY and PUSH_CONTACT else "",
}

from cseccase.logs import LOGGING  # noqa: E402, F401  # the one logging configuration
