"""PostgreSQL says the same thing a second time, to a role that owns nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.db.utils import DatabaseError

from agencies.choices import Duty, Role
from cseccase.audit.models import AccessEntry
from cseccase.confidentiality.context import NOBODY, acting_because, looking, viewing_as
from cseccase.confidentiality.models import ConfidentialModel
from cseccase.confidentiality.rls import walled_models
from referrals.choices import PartyKind
from referrals.models import (
    CaseFile,
    CaseParty,
    Child,
    Deadline,
    FileSection,
    Reporter,
    SectionGroupGrant,
)
from referrals.services.sharing import Joining, file_extend, party_leave
from tests.worlds import county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"


def raw_count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


def test_tests_run_as_a_role_that_owns_nothing_and_cannot_bypass() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("cseccase_app", False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
        assert cursor.fetchone() == (0,)


def test_every_confidential_table_and_its_history_is_walled_and_forced() -> None:
    walled = {model._meta.db_table for model, _ in walled_models()}
    for model in apps.get_models():
        if issubclass(model, ConfidentialModel):
            assert model._meta.db_table in walled
            assert model.history.model._meta.db_table in walled
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r'"
        )
        assert walled <= {name for (name,) in cursor.fetchall()}


def test_nobody_sees_nothing_even_with_plain_sql() -> None:
    referral_make(county_make())
    assert looking() == NOBODY
    for model, _ in walled_models():
        assert raw_count(model._meta.db_table) == 0, model


def test_a_viewer_sees_their_own_part_with_plain_sql() -> None:
    world = county_make()
    referral_make(world, reporter="A nurse")
    for role, children, reporters in (
        (Role.CHILD_WELFARE, 1, 1),
        (Role.ADVOCATE, 0, 0),
        (Role.EDUCATION, 0, 0),
    ):
        with viewing_as(world.viewer(role)):
            assert raw_count("referrals_child") == children
            assert raw_count("referrals_reporter") == reporters
            assert raw_count("referrals_historicalreporter") == reporters
    with viewing_as(world.viewer(Role.ADVOCATE)):
        assert raw_count("referrals_deadline") == 2  # the response and the support, both its own


def test_a_write_without_the_grant_is_refused_by_the_database() -> None:
    world = county_make()
    referral = referral_make(world)
    with acting_because(WHY):
        section = FileSection.objects.unrestricted(because=WHY).get(category="r04")
    with viewing_as(world.viewer(Role.ADVOCATE)), pytest.raises(ProgrammingError), transaction.atomic():
        Reporter(section=section, referral=referral.pk, name_or_role="x").save()
    with viewing_as(world.viewer(Role.CHILD_WELFARE)):
        Reporter(section=section, referral=referral.pk, name_or_role="x").save()


def test_the_application_cannot_grant_itself_a_right() -> None:
    world = county_make()
    referral_make(world)
    viewer = world.viewer(Role.DISTRICT_ATTORNEY)
    with acting_because(WHY):
        grant = SectionGroupGrant.objects.filter(category="r04").first()
        assert grant is not None
    with viewing_as(viewer):
        with pytest.raises(ProgrammingError), transaction.atomic():
            SectionGroupGrant.objects.bulk_create(
                [
                    SectionGroupGrant(
                        group_id=viewer.groups[0],
                        permission_id=grant.permission_id,
                        content_object_id=grant.content_object_id,
                        case_file_id=grant.case_file_id,
                        may="see",
                        category="r04",
                        basis="x",
                        sort_at=datetime.now(UTC),
                    )
                ]
            )
        assert SectionGroupGrant.objects.filter(pk=grant.pk).update(group_id=viewer.groups[0]) == 0


def test_a_summary_is_never_a_whole_row_not_even_with_a_forgotten_filter() -> None:
    world = county_make()
    referral_make(world)
    viewer = world.viewer(Role.DISTRICT_ATTORNEY)  # the identity index is summary only to the prosecutor
    with acting_because(WHY):
        file_extend(
            case_file=CaseFile.objects.unrestricted(because=WHY).get(),
            recorded_by=world.person(Role.CHILD_WELFARE).pk,
            now=datetime.now(UTC),
            parties=[Joining(viewer.agency, PartyKind.CROSS_REPORT)],
        )
    with viewing_as(viewer):
        assert Child.objects.unrestricted(because=WHY).count() == raw_count("referrals_child") == 0
        assert len(Child.objects.summarised_to(viewer).summaries()) == 1
        assert raw_count("referrals_child") == 0, "only for the length of that one query"
        assert CaseParty.objects.summarised_to(viewer).summaries() == [], "no summary fields, no summary"


def test_a_party_that_left_sees_nothing_from_that_moment() -> None:
    world = county_make()
    referral_make(world)
    viewer = world.viewer(Role.ADVOCATE)
    with viewing_as(viewer):
        assert Deadline.objects.visible_to(viewer).exists()
    with acting_because(WHY):
        party = CaseParty.objects.unrestricted(because=WHY).get(agency=viewer.agency)
        party_leave(party=party, now=datetime.now(UTC))
    with viewing_as(viewer):
        assert not Deadline.objects.visible_to(viewer).exists()
        assert raw_count("referrals_deadline") == raw_count("referrals_casefile") == 0


def test_a_grant_that_has_ended_opens_nothing_before_anybody_sweeps_it() -> None:
    world = county_make()
    referral_make(world)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with acting_because(WHY):
        SectionGroupGrant.objects.filter(category="r01").update(
            ends_at=datetime.now(UTC) - timedelta(seconds=1)
        )
    with viewing_as(viewer):
        assert not Child.objects.visible_to(viewer).exists()
        assert raw_count("referrals_child") == 0
        assert CaseFile.objects.visible_to(viewer).exists()


def test_an_agreement_withdrawn_closes_on_the_next_request_before_grants_are_rewritten() -> None:
    world = county_make()
    referral_make(world)
    viewer = world.viewer(Role.CHILD_WELFARE)
    from dataclasses import replace

    withdrawn = replace(viewer, full=viewer.full - {"r01"}, summary=viewer.summary - {"r01"})
    for looker, seen in ((viewer, 1), (withdrawn, 0)):
        with viewing_as(looker):
            assert Child.objects.visible_to(looker).count() == seen
            assert raw_count("referrals_child") == seen


def test_a_committee_member_of_child_welfare_opens_no_section() -> None:
    world = county_make()
    referral_make(world)
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.COMMITTEE)
    with viewing_as(viewer):
        assert viewer.groups == ()
        assert raw_count("referrals_casefile") == raw_count("referrals_child") == 0


def test_the_access_log_cannot_be_changed_or_deleted() -> None:
    world = county_make()
    referral_make(world)
    with acting_because(WHY):
        assert AccessEntry.objects.count() > 0
        for act in (
            lambda: AccessEntry.objects.update(person_name="x"),
            lambda: AccessEntry.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


def test_history_is_append_only_for_the_application() -> None:
    world = county_make()
    referral_make(world)
    with acting_because(WHY), connection.cursor() as cursor:
        for statement in (
            "UPDATE referrals_historicalchild SET given_name = 'x'",
            "DELETE FROM referrals_historicalchild",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(statement)


def test_every_version_names_the_person_who_made_it() -> None:
    world = county_make()
    referral_make(world)
    with acting_because(WHY):
        for model in apps.get_models():
            if issubclass(model, ConfidentialModel):
                versions = model.history.unrestricted(because=WHY)
                assert not versions.filter(history_user_id=None).exists(), model


def test_looking_ends_with_its_block_and_an_error_leaves_nothing_behind() -> None:
    world = county_make()
    referral_make(world)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with pytest.raises(RuntimeError), viewing_as(viewer), acting_because("inner"):
        raise RuntimeError
    assert looking() == NOBODY
    assert raw_count("referrals_child") == 0
    with viewing_as(viewer):
        with acting_because("inner"):
            assert looking().because == "inner"
        assert looking().because == ""
        assert raw_count("referrals_sectiongroupgrant") > 0
