"""Signing in to pages as somebody of the test county."""

from __future__ import annotations

from django.test import Client

from agencies.choices import Duty, Role
from tests.pages import sign_in
from tests.worlds import World

PASSWORD = "four plain words together"


def signed_in(world: World, role: Role, duty: Duty = Duty.LINE_WORKER) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    sign_in(client, world.person(role, duty))
    return client
