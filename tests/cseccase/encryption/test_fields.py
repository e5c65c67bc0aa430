"""Sealed fields: everything people do with a record works, everything the database would need the words for is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, models
from django.db.models import F, Value
from django.db.models.functions import Upper

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.querysets import framework_internals
from cseccase.drafts.models import Draft
from cseccase.encryption.fields import SealedFieldRefused, sealed_models
from cseccase.encryption.seal import SealBroken
from referrals.models import CaseEvent, Child, Referral
from referrals.services.referral import ChildSaid
from tests.worlds import World, county_make, referral_make

WHY = "test"
BORN = date(2010, 4, 12)
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def world(db: None) -> World:
    return county_make()


@pytest.fixture
def child(world: World) -> Child:
    said = ChildSaid(given_name="Jasmín", family_name="Álvarez", born_on=BORN)
    referral = referral_make(world, child=said, narrative="She said a lot.")
    with acting_because(WHY):
        return Child.objects.unrestricted(because=WHY).get(case_file=referral.case_file_id)


def column(table: str, name: str, row: object) -> bytes:
    with acting_because(WHY), connection.cursor() as cursor:
        cursor.execute(f'SELECT "{name}" FROM "{table}" WHERE id = %s', [row])
        return bytes(cursor.fetchone()[0])


def test_the_database_holds_no_plain_value_and_the_record_reads_as_before(child: Child) -> None:
    assert (child.given_name, child.family_name, child.born_on) == ("Jasmín", "Álvarez", BORN)
    for name, plain in (("given_name", "Jasmín"), ("born_on", "2010")):
        assert plain.encode() not in column("referrals_child", name, child.pk)
    assert column("referrals_child", "tribe", child.pk) == b""


def test_history_opens_through_the_place_of_its_record(child: Child) -> None:
    with acting_because(WHY):
        child.given_name = "Jay"
        child.save()
        new, old = Child.history.unrestricted(because=WHY).filter(id=child.pk).order_by("-history_date")
        assert (old.given_name, new.given_name, old.born_on) == ("Jasmín", "Jay", BORN)
        assert [change.field for change in new.diff_against(old).changes] == ["given_name"]


def test_reading_some_fields_refreshing_and_saving_some_work(child: Child) -> None:
    with acting_because(WHY):
        rows = Child.objects.unrestricted(because=WHY)
        few = rows.only("born_on").get(pk=child.pk)
        assert (few.born_on, few.given_name) == (BORN, "Jasmín")
        few.given_name = "Ana"
        few.save(update_fields=["given_name"])
        child.refresh_from_db()
        assert child.given_name == "Ana"
        assert rows.filter(born_on__isnull=False, tribe__blank=True, given_name__blank=False).count() == 1
        assert rows.select_related("case_file").in_bulk([child.pk])[child.pk].family_name == "Álvarez"


REFUSED: dict[str, Callable[[Any], Any]] = {
    "filter": lambda rows: rows.filter(given_name="Ana"),
    "contains": lambda rows: rows.exclude(family_name__icontains="a"),
    "part of a date": lambda rows: rows.filter(born_on__year=2010),
    "order": lambda rows: list(rows.order_by("family_name")),
    "order down": lambda rows: list(rows.order_by("-born_on")),
    "latest": lambda rows: rows.latest("born_on"),
    "values": lambda rows: list(rows.values("given_name")),
    "every value": lambda rows: list(rows.values()),
    "flat": lambda rows: list(rows.values_list("born_on", flat=True)),
    "distinct": lambda rows: list(rows.order_by("given_name").distinct("given_name")),
    "aggregate": lambda rows: rows.aggregate(oldest=models.Min("born_on")),
}


@pytest.mark.parametrize("verb", REFUSED)
def test_what_would_need_the_words_in_the_database_is_refused(child: Child, verb: str) -> None:
    with acting_because(WHY), pytest.raises(SealedFieldRefused, match=r"encrypted|read the record"):
        REFUSED[verb](Child.objects.unrestricted(because=WHY))


@pytest.mark.parametrize(
    "compute",
    [
        lambda rows: list(rows.annotate(loud=Upper("given_name"))),
        lambda rows: rows.filter(age_said__gt=F("born_on")).count(),
    ],
)
def test_what_computes_with_a_sealed_column_fails_in_the_database(
    child: Child, compute: Callable[[Any], Any]
) -> None:
    with pytest.raises(ProgrammingError, match="bytea"), acting_because(WHY):
        compute(Child.objects.unrestricted(because=WHY))


def test_a_write_past_the_record_is_refused(child: Child) -> None:
    rows = Child.objects.unrestricted(because=WHY)
    with acting_because(WHY), framework_internals():
        for write in (
            lambda: rows.update(given_name="Ana"),
            lambda: rows.update(given_name=Value("Ana")),
            lambda: rows.bulk_update([child], ["given_name"]),
        ):
            with pytest.raises(SealedFieldRefused, match="encrypted"):
                write()
        child.given_name = F("family_name")
        with pytest.raises(SealedFieldRefused):
            child.save()


def test_rows_made_in_bulk_are_sealed_each_for_itself(world: World) -> None:
    person = world.person(Role.CHILD_WELFARE, Duty.HOTLINE)
    with acting_because(WHY):
        Draft.objects.bulk_create(
            Draft(author=person, form=form, about=uuid4(), answers={"question": [form]}, saved_at=NOW)
            for form in "ab"
        )
        told = [draft.answers["question"] for draft in Draft.objects.order_by("form")]
        assert told == [["a"], ["b"]]
        a_draft = Draft.objects.only("pk").get(form="a")
    assert b"question" not in column("drafts_draft", "answers", a_draft.pk)


def test_a_text_moved_to_another_row_column_or_table_does_not_open(world: World, child: Child) -> None:
    other = referral_make(world, child=ChildSaid(given_name="Oscar", family_name="Weber"), narrative="Words.")
    moves = (
        "UPDATE referrals_child SET given_name = (SELECT given_name FROM referrals_child WHERE id = %(from)s) WHERE case_file_id = %(to)s",
        "UPDATE referrals_child SET given_name = family_name WHERE case_file_id = %(to)s",
        "UPDATE referrals_child SET given_name = (SELECT narrative FROM referrals_referral WHERE id = %(referral)s) WHERE case_file_id = %(to)s",
    )
    for move in moves:
        with acting_because(WHY), connection.cursor() as cursor:
            cursor.execute(move, {"from": child.pk, "to": other.case_file_id, "referral": other.pk})
        with acting_because(WHY), pytest.raises(SealBroken):
            _ = Child.objects.unrestricted(because=WHY).get(case_file=other.case_file_id).given_name


def test_too_many_characters_are_refused_before_they_are_sealed(child: Child) -> None:
    child.given_name = "x" * 129
    with acting_because(WHY), pytest.raises(ValidationError, match="128"):
        child.save()


def test_facts_are_sealed_and_only_the_queried_codes_stand_open(child: Child) -> None:
    with acting_because(WHY):
        event = CaseEvent.objects.unrestricted(because=WHY).filter(case_file=child.case_file_id)[0]
        referral = Referral.objects.unrestricted(because=WHY).get(case_file=child.case_file_id)
    assert event.facts["referral"] == str(referral.pk) and "urgent" in event.facts
    assert event.codes == {"referral": str(referral.pk)}
    assert b"urgent" not in column("referrals_caseevent", "facts", event.pk)


def test_every_history_is_sealed_like_its_record() -> None:
    sealed = {model._meta.label for model in sealed_models()}
    assert "referrals.Child" in sealed
    for model in sealed_models():
        history = getattr(model, "history", None)
        assert history is None or history.model._meta.label in sealed


def test_nothing_is_written_down_in_plain_words_by_dumpdata() -> None:
    with pytest.raises(CommandError, match="plain words"):
        call_command("dumpdata", "referrals.Child", "--all")
