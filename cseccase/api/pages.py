"""Pages of a list: how the API answers one, and how its document describes it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

Row = TypeVar("Row")
PAGE = 100
PAGE_NUMBER = OpenApiParameter("page", int, description="Which page, from 1; the `next` of the page before.")


def page_cut(rows: Sequence[Row], page: int) -> tuple[Sequence[Row], str | None]:
    """One page of a list that is at hand whole, and the number of the next one."""
    end = page * PAGE
    return rows[end - PAGE : end], str(page + 1) if end < len(rows) else None


@cache
def page_of(row: type[serializers.BaseSerializer[Any]]) -> Any:
    """A page of rows and the key of the next page, which is null at the end."""
    name = row.__name__.removesuffix("Out") + "Page"
    return inline_serializer(
        name, {"results": row(many=True), "next": serializers.CharField(allow_null=True)}
    )
