"""Tests: real PostgreSQL and Redis from a throw-away folder, everything else as close to production as a test can be."""

from cseccase.outbox.webpush import push_key_of
from cseccase.settings.base import *

PRACTICE_DATA = True
PRACTICE_SIGN_IN = True
SECOND_FACTOR_REQUIRED = False
ALLOWED_HOSTS = ["*"]
DATABASES["default"] = {**DATABASES["default"], **DATABASE_OWNER, "CONN_MAX_AGE": 0}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
PUSH_KEY = push_key_of(SECRET_KEY)
OUTBOX_GATEWAYS = dict.fromkeys(("text", "push"), "cseccase.outbox.gateways.ConsoleGateway")
