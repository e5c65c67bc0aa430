"""Signing in to pages in tests, and reading what a page says."""

from __future__ import annotations

import html
import re
import time
from typing import Any

from django.test import Client

from agencies.choices import Duty, Role
from agencies.models import Person
from tests.worlds import World

BACKEND = "agencies.backend.StaffBackend"


def client_of(world: World, role: Role, duty: Duty = Duty.LINE_WORKER) -> Client:
    """A browser in which a person of this role is signed in."""
    client = Client()
    sign_in(client, world.person(role, duty))
    return client


def sign_in(client: Client, person: Person) -> None:
    """Signed in a moment ago, with every step: what a step-up asks for is fresh."""
    client.force_login(person, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def words(response: Any) -> str:
    """The page's text without markup, white space folded."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))
