"""What a request works out once belongs to that request and to the one who looks."""

from __future__ import annotations

from uuid import uuid4

import pytest

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as, worked_out_once
from referrals.models import Referral
from tests.worlds import county_make, referral_make

pytestmark = pytest.mark.django_db


def test_it_lasts_as_long_as_the_outermost_block_and_never_outside() -> None:
    key = uuid4()
    assert [worked_out_once(key, lambda n=n: n) for n in (1, 2)] == [1, 2]  # type: ignore[misc]
    with viewing_as(None, because="one"):
        assert worked_out_once(key, lambda: 3) == 3
        with acting_because("another"), viewing_as(None, because="a third"):
            assert worked_out_once(key, lambda: 4) == 3
        assert worked_out_once(key, lambda: 5) == 3
    with viewing_as(None, because="later"):
        assert worked_out_once(key, lambda: 6) == 6


def test_whoever_looks_inside_anothers_block_sees_by_their_own_grants() -> None:
    world = county_make()
    referral = referral_make(world)
    insider, outsider = world.viewer(Role.CHILD_WELFARE), world.viewer(Role.CASA)

    def seen(viewer: object) -> bool:
        return Referral.objects.visible_to(viewer).filter(pk=referral.pk).exists()  # type: ignore[arg-type]

    with viewing_as(insider):
        assert seen(insider)
        with viewing_as(outsider):
            assert not seen(outsider)
        with acting_because("the first wall alone"):
            assert (seen(insider), seen(outsider), seen(insider)) == (True, False, True)
