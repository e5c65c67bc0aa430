"""The practice county: made-up people, no secrets, sign in by picking a person. What `manage.py up` runs."""

from cseccase.outbox.webpush import push_key_of
from cseccase.settings.base import *

PRACTICE_DATA = True
PRACTICE_SIGN_IN = True
SECOND_FACTOR_REQUIRED = False
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
PUSH_KEY = push_key_of(SECRET_KEY)
OUTBOX_GATEWAYS = dict.fromkeys(("text", "push"), "cseccase.outbox.gateways.ConsoleGateway")
