"""A county that already works: its rows are sealed by `migrate`, and opened again on the way back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.database import become_owner
from referrals.models import CaseEvent, Child, Referral
from referrals.selectors.index import index_search
from referrals.services.referral import ChildSaid
from tests.worlds import county_make, referral_make

WHY = "test"
BORN = date(2010, 4, 12)


def before_encryption(app: str) -> str:
    """The migration that the sealing one of this app stands on."""
    for (label, name), migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items():
        if label == app and name.endswith("encryption_at_rest"):
            return next(parent for parent_app, parent in migration.dependencies if parent_app == app)
    raise AssertionError(app)


def stored(query: str) -> list[object]:
    with become_owner(), connection.cursor() as cursor:
        cursor.execute(query)
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_rows_are_converted_there_and_back_with_their_history() -> None:
    world = county_make()
    said = ChildSaid(given_name="Jas\\mín", family_name="O'Álvarez", born_on=BORN)
    referral = referral_make(world, child=said, narrative="a\nb\\c 'd'", ago=timedelta(minutes=5))
    with acting_because(WHY):
        child = Child.objects.unrestricted(because=WHY).get(case_file=referral.case_file_id)
        child.family_name = "Torres"
        child.save()
        facts = {row.pk: (row.facts, row.codes) for row in CaseEvent.objects.unrestricted(because=WHY)}
    try:
        call_command("migrate", "referrals", before_encryption("referrals"), verbosity=0)
        assert stored("SELECT given_name FROM referrals_child") == ["Jas\\mín"]
        assert stored("SELECT born_on FROM referrals_child") == [BORN]
        assert stored("SELECT narrative FROM referrals_referral") == ["a\nb\\c 'd'"]
        assert set(stored("SELECT family_name FROM referrals_historicalchild")) == {"O'Álvarez", "Torres"}
        assert stored("SELECT facts ->> 'referral' FROM referrals_caseevent") == [str(referral.pk)]
    finally:
        call_command("migrate", verbosity=0)
    assert all(b"Torres" not in bytes(value) for value in stored("SELECT family_name FROM referrals_child"))  # type: ignore[arg-type]
    with acting_because(WHY):
        again = Child.objects.unrestricted(because=WHY).get(pk=child.pk)
        assert (again.given_name, again.family_name, again.born_on, again.tribe) == (
            "Jas\\mín",
            "Torres",
            BORN,
            "",
        )
        versions = Child.history.unrestricted(because=WHY).filter(id=child.pk)
        assert {version.family_name for version in versions} == {"O'Álvarez", "Torres"}
        assert Referral.objects.unrestricted(because=WHY).get(pk=referral.pk).narrative == "a\nb\\c 'd'"
        assert {r.pk: (r.facts, r.codes) for r in CaseEvent.objects.unrestricted(because=WHY)} == facts
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    with viewing_as(viewer):
        found = index_search(viewer=viewer, name="Jasmin Torres", now=datetime.now(UTC))
    assert [entry.case_id for entry in found.entries] == [referral.case_file_id]
