"""The outbox: messages that must leave the house, written in the transaction that made them necessary."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cseccase.confidentiality.walls import ONLY_BECAUSE, Wall


class Message(models.Model):
    """One content-free message to one person: "something waits for you, sign in". No name, no fact.

    `key` makes a message exist once whatever happens to the worker that writes it. Delivery is at least once, with the
    row's id as Message-ID; where a crash leaves doubt the state is `uncertain` until it is sent again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        LEASED = "leased", "being sent"
        SENT = "sent", "sent"
        UNCERTAIN = "uncertain", "perhaps sent"
        FAILED = "failed", "failed"

    class Template(models.TextChoices):
        DUTY = "duty", "a duty needs you"
        MEETING = "meeting", "a meeting needs your answer"
        ACCOUNT = "account", "your account"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=20, choices=Template.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=80, blank=True)

    wall: ClassVar[Wall] = ONLY_BECAUSE

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], name="outbox_next", condition=~Q(state__in=["sent", "failed"])
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_has_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
