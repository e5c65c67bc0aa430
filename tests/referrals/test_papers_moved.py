"""The former register's papers move to the table of their own kind, and back, with nothing lost on the way."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from agencies.disclosure.papers import KINDS
from referrals.models import MODEL_OF

moved = importlib.import_module("referrals.migrations.0004_papers_moved")
NOW = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
CATEGORY = {"P2": "r10", "youth": "r21", "NMD": "r26"}
TERMS = {kind.kind: kind for kind in KINDS}


def row(kind: str, category: str = "r08", **changes: Any) -> SimpleNamespace:
    """A paper as the former register held it."""
    values = {
        "id": uuid4(),
        "section_id": uuid4(),
        "case_file_id": uuid4(),
        "agency_id": uuid4(),
        "recorded_by_id": uuid4(),
        "kind": kind,
        "category": category,
        "since": NOW,
        "until": None,
        "revoked_at": None,
        "evidence": "Order 12",
    }
    return SimpleNamespace(**(values | changes))


def model_name(kind: str) -> str:
    return {model.__name__: model for model in MODEL_OF.values()}[moved.KINDS[kind]].__name__


@pytest.mark.parametrize("kind", sorted(moved.KINDS))
def test_each_former_kind_has_a_table_that_takes_all_its_columns(kind: str) -> None:
    models = {model.__name__: model for model in MODEL_OF.values()}
    model = models[model_name(kind)]
    for until in (None, NOW + timedelta(days=9)):
        old = row(kind, CATEGORY.get(kind, "r15"), until=until)
        if kind == "NMD":
            old.kind = "youth"
        made = model(**moved.columns(old))
        for name in moved.SHARED:
            if name != "until" or kind not in {"need", "seal"}:
                assert getattr(made, name) == getattr(old, name)
        made.clean_fields(exclude=["section", "case_file", "agency", "person", "discloser", "recorded_by"])
        assert made.terms.ground() in {kind, "CO", "P2CO"}


@pytest.mark.parametrize("kind", sorted(set(moved.KINDS) - {"P2", "need", "seal"}))
def test_a_moved_paper_opens_what_it_did_before(kind: str) -> None:
    old = row(kind, CATEGORY.get(kind, "r15"))
    models = {model.__name__: model for model in MODEL_OF.values()}
    made = models[moved.KINDS[kind]](**moved.columns(old))
    assert made.terms.opens_at(NOW) is not None
    revoked = row(kind, old.category, revoked_at=NOW)
    assert models[moved.KINDS[kind]](**moved.columns(revoked)).terms.opens_at(NOW) is None


def test_a_moved_substance_use_consent_without_its_elements_opens_nothing() -> None:
    made = MODEL_OF["P2"](**moved.columns(row("P2", "r10")))
    assert made.terms.opens_at(NOW) is None
    assert "2.31(a)(1)" in TERMS["P2"].elements[0].law


def test_what_a_child_chose_about_the_teams_records_becomes_the_adults_consent() -> None:
    assert moved.kind_of(row("youth", "r21")) == "youth"
    assert moved.kind_of(row("youth", "r26")) == "NMD"


@pytest.mark.django_db(transaction=True)
def test_real_rows_go_back_to_the_former_register_and_forth_with_their_history() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from agencies.choices import Duty, Role
    from cseccase.confidentiality.context import acting_because
    from cseccase.confidentiality.rls import raise_walls
    from cseccase.database import become_owner
    from referrals.models import CasaAppointment, CaseParty, YouthChoice
    from tests.referrals.papers import paper_on_file
    from tests.worlds import county_make, referral_make

    world = county_make()
    case_file = referral_make(world).case_file
    recorder = world.person(Role.CHILD_WELFARE, Duty.HOTLINE)
    with acting_because("test"):
        party = CaseParty.objects.unrestricted(because="test").filter(case_file=case_file).first()
        assert party is not None
        common = {
            "section": party.section,
            "case_file": case_file,
            "agency": world.agencies["CASA"],
            "since": NOW,
            "evidence": "Order 12",
            "recorded_at": NOW,
            "recorded_by": recorder,
        }
        order = paper_on_file("CASA", category="r03", **common)
        order.revoked_at, order.revoked_why = NOW, "Dismissed"
        order.save()
        choice = paper_on_file("youth", category="r21", **common)

    def migrate(name: str) -> Any:
        executor = MigrationExecutor(connection)
        return executor.migrate([("referrals", name)]).apps

    with become_owner():
        try:
            former = migrate("0003_papers").get_model("referrals", "Authorisation")
            kinds = dict(former.objects.values_list("id", "kind"))
        finally:
            newest = MigrationExecutor(connection)
            newest.migrate(newest.loader.graph.leaf_nodes("referrals"))
            raise_walls(connection)
    assert kinds == {order.pk: "CASA", choice.pk: "youth"}
    with acting_because("test"):
        back = CasaAppointment.objects.unrestricted(because="test").get()
        assert (back.pk, back.revoked_at, back.evidence) == (order.pk, NOW, "Order 12")
        assert back.history.unrestricted(because="test").count() == 2
        assert YouthChoice.objects.unrestricted(because="test").get().pk == choice.pk
