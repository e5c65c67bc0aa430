"""The outbox: messages that must leave the house, written in the transaction that made them necessary."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cseccase.confidentiality.walls import ONLY_BECAUSE, Wall


class Channel(models.TextChoices):
    """A way out of the house. E-mail reaches everybody; the others are a person's own choice."""

    EMAIL = "email", "e-mail"
    TEXT = "text", "text message"
    PUSH = "push", "notice on a device"


class Message(models.Model):
    """One content-free message to one person: "something waits for you, sign in". No name, no fact.

    By text message and push it goes to a `target`, the id of a number or a device that the person chose and that the
    floor above knows; the number itself never stands here.

    An alarm has no person for a recipient but the `address` of whoever runs the product, and the alarm's name.
    `key` makes a message exist once whatever happens to the worker that writes it. Delivery is at least once, with the
    row's id as Message-ID; where a crash leaves doubt the state is `uncertain` until it is sent again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        LEASED = "leased", "being sent"
        SENT = "sent", "sent"
        UNCERTAIN = "uncertain", "perhaps sent"
        FAILED = "failed", "failed"
        ENDED = "ended", "no longer wanted"

    class Template(models.TextChoices):
        DUTY = "duty", "a duty needs you"
        MEETING = "meeting", "a meeting needs your answer"
        ACCOUNT = "account", "your account"
        ALARM = "alarm", "an alarm of the product"
        CODE = "code", "a code that confirms a mobile number"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    target = models.UUIDField(null=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    address = models.EmailField(blank=True)
    alarm = models.CharField(max_length=40, blank=True)
    template = models.CharField(max_length=20, choices=Template.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=80, blank=True)

    came_from: str = State.WAITING
    """Of a message in a relay's hands: the state in which it was taken."""

    wall: ClassVar[Wall] = ONLY_BECAUSE

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="outbox_next",
                condition=~Q(state__in=["sent", "failed", "ended"]),
            ),
            models.Index(
                fields=["-created_at"], name="outbox_failing", condition=~Q(state="sent") & ~Q(problem="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_has_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, address="", alarm="")
                | Q(recipient__isnull=True, template="alarm") & ~Q(address="") & ~Q(alarm=""),
                name="message_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(channel="email", target__isnull=True)
                | Q(channel__in=["text", "push"], target__isnull=False, recipient__isnull=False),
                name="message_target_beside_email",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Alarm(models.Model):
    """Something about the running of the product that a person must look at. A name and moments, no data.

    It lasts from the first round of a watchman that saw it to the first that did not. The runbook has a page for
    every name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], name="alarm_once_while_it_lasts", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name
