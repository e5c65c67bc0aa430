"""One practice county for all tests of this folder: made once, seen by each test, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from cseccase import clock
from reporting.practice.county import PracticeCounty, county_set_up
from reporting.practice.story import story_tell


@pytest.fixture(scope="module")
def practice(django_db_setup: None, django_db_blocker: Any) -> Iterator[PracticeCounty]:
    """Stands in a transaction around each test's own, so that no test sees another's changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        county = county_set_up(now=clock.now())
        story_tell(county)
        yield county
        transaction.set_rollback(True)
