"""Which page of a list an address asks for."""

from __future__ import annotations

from collections.abc import Mapping


def page_number(asked: Mapping[str, str]) -> int:
    """The page that a query names, from 1; anything that is no such number is the first."""
    said = asked.get("page", "1")
    return max(int(said), 1) if said.isascii() and said.isdigit() and len(said) < 6 else 1
