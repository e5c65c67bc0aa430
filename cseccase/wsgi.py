"""The web server's way in."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cseccase.settings.demo")
application = get_wsgi_application()
call_command("check", tags=["security"])  # a county whose limits are too loose does not start
