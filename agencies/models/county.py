"""Counties and their agencies."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import Group
from django.db import models

from agencies.choices import Duty, Role


class County(models.Model):
    """A California county that has adopted the protocol, with its own zone, names and telephone numbers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    product_name = models.CharField(max_length=60, default="Care Coordination")
    zone = models.CharField(max_length=40, default="America/Los_Angeles")
    hotline = models.CharField(max_length=40, help_text="The child abuse hotline, answered at every hour.")
    night_line = models.CharField(max_length=120, help_text="Whom staff call at night, as one line of words.")
    state_system = models.CharField(max_length=40, default="CWS/CMS")
    second_signer_role = models.CharField(
        max_length=4,
        choices=Role.choices,
        blank=True,
        help_text="An agency role that may sign a change of the sharing rules beside county counsel, if agreed.",
    )
    second_signer_duty = models.CharField(max_length=20, choices=Duty.choices, blank=True)

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """One party to the county's protocol. Its group holds only people designated, trained and active."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="agencies")
    role = models.CharField(max_length=4, choices=Role.choices)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    phone = models.CharField(max_length=40, blank=True)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="agency")
    governmental = models.BooleanField(
        default=True, help_text="Evidence Code 1038 knows only non-governmental ones."
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "agencies"
        constraints = [
            models.UniqueConstraint(fields=["county", "name"], name="agency_name_once_a_county"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="agency_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.name
