"""Every address of the product as the URL resolver knows it, with the methods worth trying."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """One named address; `kwargs` are the names of its parts."""

    name: str
    pattern: str
    kwargs: tuple[str, ...]


def every_route() -> list[Route]:
    """All routes, in the order of the resolver. Raises AssertionError for one without a name."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, namespace: str) -> Iterator[Route]:
    for entry in patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, pattern, inner)
            continue
        name = f"{namespace}{entry.name}" if entry.name else f"unnamed {pattern}"
        yield Route(name, pattern, tuple(re.findall(r"<(?:\w+:)?(\w+)>", pattern)))
