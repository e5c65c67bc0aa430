"""A confidential table cannot be read without saying who is looking."""

from __future__ import annotations

import pytest
from django.db.models import Count

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.querysets import VisibilityUndecided, framework_internals
from referrals.models import CaseFile, Child, Referral
from tests.worlds import county_make, referral_make

pytestmark = pytest.mark.django_db

UNDECIDED = {
    "list": lambda rows: list(rows.all()),
    "get": lambda rows: rows.get(),
    "first": lambda rows: rows.first(),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "values_list": lambda rows: list(rows.values_list("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "in_bulk": lambda rows: rows.in_bulk(),
    "update": lambda rows: rows.update(case_file=None),
    "delete": lambda rows: rows.all().delete(),
    "bool": lambda rows: bool(rows.all()),
    "union": lambda rows: list(rows.all().union(rows.all())),
    "or with a decided one": lambda rows: list(rows.unrestricted(because="x") | rows.all()),
    "raw": lambda rows: rows.raw("SELECT * FROM referrals_child"),
    "explain": lambda rows: rows.all().explain(),
}


@pytest.mark.parametrize("way", UNDECIDED, ids=str)
@pytest.mark.parametrize(
    "rows",
    [Child.objects, Child.history, Child.history.model.objects],
    ids=["rows", "history", "history model"],
)
def test_an_undecided_read_raises(way: str, rows: object) -> None:
    referral_make(county_make())
    with acting_because("test"), pytest.raises(VisibilityUndecided):
        UNDECIDED[way](rows)


def test_a_decided_read_works_and_stays_decided_through_the_chain() -> None:
    world = county_make()
    referral_make(world)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        rows = Child.objects.filter(age_said=15).visible_to(viewer).exclude(age_said=3).order_by("pk")
        assert rows.count() == len(rows) == 1
        assert Child.history.visible_to(viewer).count() >= 1


@pytest.mark.parametrize("because", ["", "  "])
def test_lifting_the_guard_needs_a_reason(because: str) -> None:
    with pytest.raises(ValueError, match="Say why"):
        Child.objects.unrestricted(because=because)
    with pytest.raises(ValueError, match="Say why"):
        acting_because(because)


@pytest.mark.parametrize("verb", ["update", "bulk_create", "bulk_update"])
def test_a_write_that_would_leave_no_history_is_refused(verb: str) -> None:
    rows = Child.objects.unrestricted(because="test")
    calls = {
        "update": lambda: rows.update(given_name="x"),
        "bulk_create": lambda: rows.bulk_create([]),
        "bulk_update": lambda: rows.bulk_update([], ["given_name"]),
    }
    with pytest.raises(VisibilityUndecided, match="history"):
        calls[verb]()


def test_no_reverse_path_leads_from_one_record_to_another() -> None:
    for model in (CaseFile, Child, Referral):
        related = [field.name for field in model._meta.get_fields(include_hidden=False) if field.auto_created]
        assert related == [], model


def test_framework_internals_end_with_their_block() -> None:
    with acting_because("test"), framework_internals():
        assert Child.objects.count() == 0
    with pytest.raises(VisibilityUndecided):
        Child.objects.count()
