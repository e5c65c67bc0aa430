"""guardian holds the grants; only one service writes them, and only a checker that knows ends answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, transaction
from guardian.models import GroupObjectPermission, UserObjectPermission
from guardian.shortcuts import assign_perm
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.models import Child, FileSection, SectionGroupGrant, SectionUserGrant
from tests.worlds import county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"


def test_guardian_finds_our_tables_and_never_its_generic_ones() -> None:
    referral_make(county_make())
    assert get_group_obj_perms_model(FileSection) is SectionGroupGrant
    assert get_user_obj_perms_model(FileSection) is SectionUserGrant
    with acting_because(WHY):
        assert SectionGroupGrant.objects.exists()
    for generic in (GroupObjectPermission, UserObjectPermission):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            generic.objects.count()


def test_each_grant_says_the_same_twice() -> None:
    referral_make(county_make())
    with acting_because(WHY):
        grants = SectionGroupGrant.objects.select_related("permission", "content_object")
        assert grants
        for grant in grants:
            assert grant.may == grant.permission.codename
            assert grant.category == grant.content_object.category
            assert grant.case_file_id == grant.content_object.case_file_id


def test_guardians_own_writers_are_shut() -> None:
    world = county_make()
    referral_make(world)
    with acting_because(WHY):
        section = FileSection.objects.unrestricted(because=WHY).first()
        with pytest.raises(RuntimeError, match="Grants follow facts"):
            assign_perm("see", world.agencies["DA"].group, section)


def test_has_perm_of_a_record_is_what_its_section_says_until_it_ends() -> None:
    world = county_make()
    referral_make(world)
    worker, prosecutor = world.person(Role.CHILD_WELFARE), world.person(Role.DISTRICT_ATTORNEY)
    with viewing_as(world.viewer(Role.CHILD_WELFARE)):
        child = Child.objects.visible_to(world.viewer(Role.CHILD_WELFARE)).get()
        assert worker.has_perm("see", child) and worker.has_perm("write", child)
        assert not worker.has_perm("delete", child)
        assert not worker.has_perm("see")
    with acting_because(WHY):
        assert not prosecutor.has_perm("see", child)
        SectionGroupGrant.objects.filter(category="r01").update(
            ends_at=datetime.now(UTC) - timedelta(minutes=1)
        )
        assert not type(worker).objects.get(pk=worker.pk).has_perm("see", child)


def test_settling_twice_changes_nothing() -> None:
    from referrals.services.sharing import sharing_settle

    world = county_make()
    referral = referral_make(world)
    with acting_because(WHY):
        before = set(SectionGroupGrant.objects.values_list("pk", "basis", "ends_at", "sort_at"))
        sharing_settle(case_file=referral.case_file, now=datetime.now(UTC))
        assert set(SectionGroupGrant.objects.values_list("pk", "basis", "ends_at", "sort_at")) == before
