"""The index finds a child by any spelling people use, and only for those who may know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from referrals.models import Child, ChildToken, Referral
from referrals.name_index import Asked
from referrals.selectors.index import IndexAnswer, candidates, index_search
from referrals.services.referral import ChildSaid
from tests.worlds import World, county_make, referral_make

NOW = datetime.now(UTC)
WHY = "test"
BORN = date(2010, 4, 12)


@pytest.fixture
def world(db: None) -> World:
    return county_make()


def known(world: World, given: str, family: str, **said: object) -> Referral:
    return referral_make(
        world,
        child=ChildSaid(given_name=given, family_name=family, **said),
        ago=timedelta(minutes=5),  # type: ignore[arg-type]
    )


def search(viewer: Viewer, name: str, born_on: date | None = None) -> IndexAnswer:
    with viewing_as(viewer):
        return index_search(viewer=viewer, name=name, born_on=born_on, now=NOW)


ASKED = [
    ("Jasmin Alvarez", "Same name"),
    ("ALVAREZ, jasmin", "Same name"),
    ("Álvarez Jasmín", "Same name"),
    ("Jazmine Alvares", "Sounds the same"),
    ("Alvarez", "Same name"),
    ("Jazmyn", "Sounds the same"),
    ("Jas Alv", "Begins the same"),
    ("Jas", "Begins the same"),
    ("Al", "Begins the same"),
    ("J. Alvarez", "Begins the same"),
    ("4/12/2010", "same date of birth"),
    ("Jasmin 2010-04-12", "Same name, same date of birth"),
    ("Jasmin Alvarez 12/4/2010", "Same name, month and day of birth exchanged"),
    ("Jasmin Alvarez 4/12/2009", "Same name, same birthday, other year"),
    ("Jasmin Alvarez 1/2/2009", "Same name, other date of birth"),
]


def test_a_child_is_found_however_the_name_is_said(world: World) -> None:
    referral = known(world, "Jasmín", "Álvarez", born_on=BORN)
    known(world, "Pedro", "Nuñez", born_on=date(2012, 1, 2))
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    found = {asked: [(e.case_id, e.why) for e in search(viewer, asked).entries] for asked, _ in ASKED}
    assert found == {asked: [(referral.case_file_id, why)] for asked, why in ASKED}
    assert search(viewer, referral.case_file.number.lower()).entries[0].why == "Same number"
    assert search(viewer, "Jasmin Alvarez", BORN).entries[0].why == "Same name, same date of birth"


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        (("María Guadalupe", "Hernández"), "Lupe Ernandez"),
        (("Elizabeth", "O'Neil"), "Liz ONeil"),
        (("Ana", "Ruiz-Lopez"), "Anna Lopez"),
        (("Estefany", "Vásquez"), "Stephanie Vazquez"),
        (("Ximena", "Jiménez"), "Jimena Gimenez"),
        (("Jay", ""), "Jay Smith"),
        (("", "Nguyen"), "Linh Nguyen"),
        (("Guillermo", "de la Cruz"), "Memo Cruz"),
    ],
)
def test_spellings_short_forms_and_half_known_names_meet(
    world: World, stored: tuple[str, str], asked: str
) -> None:
    referral = known(world, *stored)
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    assert [entry.case_id for entry in search(viewer, asked).entries] == [referral.case_file_id]


def test_what_is_like_nothing_finds_nothing_and_one_letter_is_too_little(world: World) -> None:
    known(world, "Jasmín", "Álvarez", born_on=BORN)
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    assert search(viewer, "Oscar Weber") == IndexAnswer([])
    assert search(viewer, "Jasmin Weber").entries == []
    assert search(viewer, "j").too_little
    assert search(viewer, " ,. ").too_little


def test_a_changed_name_is_found_and_the_old_one_no_more(world: World) -> None:
    referral = known(world, "Jasmín", "Álvarez")
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    with acting_because(WHY):
        child = Child.objects.unrestricted(because=WHY).get(case_file=referral.case_file)
        child.family_name = "Torres"
        child.save()
    assert search(viewer, "Jasmin Torres").entries and not search(viewer, "Jasmin Alvarez").entries


def test_an_agency_without_part_finds_as_little_as_if_there_were_nobody(world: World) -> None:
    known(world, "Jasmín", "Álvarez")
    outside = world.viewer(Role.EDUCATION)
    assert search(outside, "Jasmin Alvarez") == search(outside, "Nobody Atall") == IndexAnswer([])
    inside = world.viewer(Role.CHILD_WELFARE)
    assert len(search(inside, "Jasmin Alvarez").entries) == 1
    with viewing_as(inside):
        assert ChildToken.objects.count() == 0  # tokens are for searches that say why
    with acting_because(WHY):
        assert ChildToken.objects.count() > 0


def test_another_county_is_another_index(world: World) -> None:
    known(world, "Jasmín", "Álvarez")
    other = county_make("Other County")
    assert search(other.viewer(Role.CHILD_WELFARE, Duty.HOTLINE), "Jasmin Alvarez").entries == []


def test_the_likeliest_come_first_and_more_is_said(world: World) -> None:
    for _ in range(11):
        known(world, "Ana", "Ruis")
    best = known(world, "Ana", "Ruiz")
    found = search(world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE), "Ana Ruiz")
    assert found.more and len(found.entries) == 10
    assert found.entries[0].case_id == best.case_file_id


def test_the_county_and_an_agency_that_holds_every_file_hear_the_same_candidates_in_the_same_order(
    world: World,
) -> None:
    for given, family in (
        ("Maria", "Garcia"),
        ("Mari", "Garsia"),
        ("Ana Maria", "Garcia Lopez"),
        ("Mario", "Gomez"),
    ):
        known(world, given, family)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer), acting_because(WHY):
        for text in ("Maria Garcia", "Garcia", "Mar", "M. Garcia", "Nobody Else"):
            whole = candidates(county=viewer.county, asked=Asked.of(text))
            assert whole == candidates(county=viewer.county, asked=Asked.of(text), own_files=True), text
            assert (len(whole) >= 3) is (text != "Nobody Else"), (text, whole)
    with viewing_as(viewer):
        assert candidates(county=viewer.county, asked=Asked.of("Maria Garcia")) == []
