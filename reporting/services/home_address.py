"""Noting a staff member's home for comparison, and forgetting it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from agencies.models import Person
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from reporting import policies
from reporting.addresses import fingerprint, houses_in
from reporting.models import HomeAddress

WHY = "a security officer notes a staff member's home as a fingerprint"


@transaction.atomic
def home_address_note(*, viewer: Viewer, person_id: UUID, words: str, now: datetime) -> bool:
    """Keeps the fingerprint of one address, or forgets it where none is given; returns whether one is kept now.

    Raises `NotAllowed` for all but security officers, `NotVisible` for people of other agencies, and `RuleBroken` for
    words in which no house number and street can be read.
    """
    policies.require_home_addresses(viewer)
    if not Person.objects.filter(pk=person_id, agency=viewer.agency).exists():
        raise NotVisible
    houses = houses_in(words)
    if words.strip() and len(houses) != 1:
        raise RuleBroken("Write one house number and street, like 1200 Main Street.", field="address")
    with acting_because(WHY):
        HomeAddress.objects.filter(person=person_id).delete()
        if houses:
            HomeAddress.objects.create(
                person_id=person_id,
                fingerprint=fingerprint(*houses, secret=settings.SECRET_KEY),
                noted_by_id=viewer.person,
                noted_at=now,
            )
    record(
        Verb.STAFF_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind="person",
        subject=person_id,
        facts={"fields": ["home_address"], "kept": bool(houses)},
    )
    return bool(houses)
