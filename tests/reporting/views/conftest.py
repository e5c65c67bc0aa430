"""Pages of this floor have a frame that links to the floors below."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

FRAME = {
    "agencies": ("home", "hide", "extend", "account", "notices", "people", "matrix"),
    "referrals": ("urgent", "find", "duties", "cases"),
    "mdt": ("meetings",),
}


@pytest.fixture(autouse=True)
def frame_has_its_links(settings: Any) -> None:
    """The product's own addresses, as soon as every floor has its pages."""
    try:
        for floor, names in FRAME.items():
            for name in names:
                reverse(f"{floor}:{name}")
    except NoReverseMatch:
        settings.ROOT_URLCONF = "tests.reporting.views.dev_urls"
