"""How the API's document describes a page of a list."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers


@cache
def page_of(row: type[serializers.BaseSerializer[Any]]) -> Any:
    """A page of rows and the key of the next page, which is null at the end."""
    name = row.__name__.removesuffix("Out") + "Page"
    return inline_serializer(
        name, {"results": row(many=True), "next": serializers.CharField(allow_null=True)}
    )
