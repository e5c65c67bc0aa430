"""Signing in to pages in tests, and reading what a page says."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

from agencies.choices import Duty, Role
from tests.worlds import World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(world: World, role: Role, duty: Duty = Duty.LINE_WORKER) -> Client:
    """A browser in which a person of this role is signed in."""
    client = Client()
    client.force_login(world.person(role, duty), backend=BACKEND)
    return client


def words(response: Any) -> str:
    """The page's text without markup, white space folded."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))
