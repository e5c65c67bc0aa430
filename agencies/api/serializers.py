"""What the API says of one's own notices: that something needs this person, never what it is about."""

from __future__ import annotations

from rest_framework import serializers


class NoticeOut(serializers.Serializer):
    """One notice; its words come from its kind and stage, never from a case."""

    id = serializers.UUIDField()
    words = serializers.CharField()
    escalated = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    is_new = serializers.BooleanField()


class NoticeOpenedOut(serializers.Serializer):
    """Where a notice leads: a duty or a meeting, whose own door decides who may see it."""

    page = serializers.CharField()
    subject = serializers.UUIDField()
