"""The preview agrees with the rule and with the grants, and tells nothing of a case that the viewer may not open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agencies.choices import Duty, Role
from agencies.disclosure.categories import BASES, CATEGORY_NAMES
from agencies.disclosure.changes import matrix_with
from agencies.disclosure.matrix import Access, Cell
from agencies.selectors.protocol import matrix_in_force
from agencies.services.proposal import cell_propose, proposal_open
from agencies.services.protocol import protocol_sign
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.choices import PartyKind
from referrals.models import SectionGroupGrant
from referrals.selectors.preview import Supposed, preview_supposed
from referrals.services.sharing import Joining, file_extend
from tests.pages import client_of, words
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
CELL = {"category": "r03", "role": "PO", "access": "Σ", "basis": "CANRA"}


@pytest.fixture
def world() -> World:
    return county_make()


def levels(world: World, said: Supposed) -> dict[str, tuple[str, str]]:
    viewer = world.viewer(Role.COUNTY_COUNSEL, Duty.COUNSEL)
    with viewing_as(viewer):
        rows = preview_supposed(viewer=viewer, said=said, proposal_id=None, now=datetime.now(UTC))
    return {row.category: (row.now.level, row.now.ground) for row in rows}


def test_supposed_facts_are_answered_by_the_rule(world: World) -> None:
    alone = levels(world, Supposed(role="MH"))
    assert {level for level, _ in alone.values()} == {"Closed"}
    part = levels(world, Supposed(role="MH", party="assignment"))
    assert part["r01"] == ("In full", BASES["18961.5"])
    assert part["r03"] == ("Closed", "")
    seated = levels(world, Supposed(role="MH", party="assignment", has_seat=True))
    assert seated["r03"] == ("Summary", BASES["MDT"])
    grown = levels(world, Supposed(role="MH", party="assignment", has_seat=True, is_adult=True))
    assert grown["r03"] == ("Closed", "")
    agreed = Supposed(role="MH", has_seat=True, is_adult=True, papers=frozenset({"NMD"}))
    assert levels(world, agreed)["r03"] == ("Summary", BASES["NMD"])


def test_a_real_case_is_answered_as_its_grants_say_and_beside_a_proposal_as_they_would(world: World) -> None:
    referral = referral_make(world, by=Role.PROBATION)
    counsel = world.viewer(Role.COUNTY_COUNSEL, Duty.COUNSEL)
    with viewing_as(counsel):
        now = datetime.now(UTC)
        proposal = proposal_open(viewer=counsel, note="Try", now=now)
        cell_propose(
            viewer=counsel,
            proposal_id=proposal.pk,
            now=now,
            reason="The county and probation agreed.",
            **CELL,
        )
    asked = {"role": "PO", "case": referral.case_file.number, "proposal": ""}
    page = client_of(world, Role.CHILD_WELFARE).post("/sharing-rules/preview", asked)
    with acting_because("a test looks"):
        grants = SectionGroupGrant.objects.filter(
            case_file=referral.case_file, group=world.agencies["PO"].group_id, may__in=["see", "see_summary"]
        ).exclude(content_object__category="d01")
        expected = {g.category: BASES[g.basis] for g in grants}
    rows = {row.category: row for row in page.context["rows"]}
    assert {code: row.now.ground for code, row in rows.items() if row.now.ground} == {
        code: ground for code, ground in expected.items() if code in rows
    }
    assert "r03" in rows
    assert CATEGORY_NAMES["r03"] in words(page)
    beside = client_of(world, Role.COUNTY_COUNSEL, Duty.COUNSEL).post(
        "/sharing-rules/preview",
        {"role": "PO", "case": "", "party": "assignment", "proposal": str(proposal.pk)},
    )
    row = next(row for row in beside.context["rows"] if row.category == "r03")
    assert (row.now.level, row.then.level) == ("In full", "Summary")
    matrix = matrix_with(
        matrix_in_force(world.county.pk, now=now), [Cell("r03", "PO", Access.SUMMARY, "CANRA")]
    )
    protocol_sign(county=world.county, matrix=matrix, effective_at=now, approved_by="Two people")
    assert levels(world, Supposed(role="PO", party="assignment"))["r03"] == ("Summary", BASES["CANRA"])


def test_a_hidden_case_and_none_look_the_same(world: World) -> None:
    referral = referral_make(world, by=Role.CHILD_WELFARE)
    said = {"role": "PO", "proposal": ""}
    stranger = client_of(world, Role.COUNTY_COUNSEL, Duty.COUNSEL)
    hidden = stranger.post("/sharing-rules/preview", {**said, "case": referral.case_file.number})
    absent = stranger.post("/sharing-rules/preview", {**said, "case": "CF-AAA-AAA"})
    for answer in (hidden, absent):
        assert answer.status_code == 200
        assert answer.context["rows"] is None
        assert answer.context["form"].errors["case"] == ["There is no case for you under this number."]
    keeper = client_of(world, Role.CHILD_WELFARE)
    assert keeper.post("/sharing-rules/preview", {**said, "case": referral.case_file.number}).context["rows"]


def test_what_is_missing_is_said_on_the_form(world: World) -> None:
    client = client_of(world, Role.COUNTY_COUNSEL, Duty.COUNSEL)
    assert client.get("/sharing-rules/preview").status_code == 200
    answer = client.post("/sharing-rules/preview", {"role": "", "case": ""})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"role"}


def test_who_does_not_know_the_parties_is_not_told_by_the_preview_whether_an_agency_takes_part(
    world: World,
) -> None:
    case_file = referral_make(world).case_file
    parts = [Joining(world.agencies["ED"].pk, PartyKind.ASSIGNMENT, "Order 4")]

    def rows(role: Role) -> set[tuple[str, str]]:
        asked = {"role": "SU", "case": case_file.number, "proposal": ""}
        page = client_of(world, role).post("/sharing-rules/preview", asked)
        assert page.status_code == 200
        return {(row.category, row.now.level) for row in page.context["rows"]}

    def join(parties: list[Joining]) -> None:
        with viewing_as(world.viewer(Role.CHILD_WELFARE)):
            worker = world.person(Role.CHILD_WELFARE).pk
            file_extend(case_file=case_file, recorded_by=worker, now=datetime.now(UTC), parties=parties)

    join(parts)
    before = rows(Role.EDUCATION), rows(Role.CHILD_WELFARE)
    join([Joining(world.agencies["SU"].pk, PartyKind.ASSIGNMENT, "Order 5")])
    assert rows(Role.EDUCATION) == before[0]
    assert rows(Role.CHILD_WELFARE) != before[1]
