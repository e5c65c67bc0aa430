"""The disclosure rule beyond single cells: private copies, authors, minutes, duties, writing, its laws."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.disclosure.categories import ROLES, SECTION_CATEGORIES, WRITERS
from agencies.disclosure.facts import (
    PARTY_KINDS,
    AuthorisationFact,
    CaseFacts,
    EmergencyFact,
    PartyFact,
    RestrictionFact,
    SeatFact,
    SectionFact,
)
from agencies.disclosure.matrix import DEFAULT_MATRIX_PATH, matrix_read
from agencies.disclosure.rule import GrantDue, grants_due

SPACE = UUID("00000000-0000-4000-8000-0000000000c6")
NOW = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
DAY = timedelta(days=1)
with DEFAULT_MATRIX_PATH.open(encoding="utf-8", newline="") as file:
    FILE = {row["id"]: row for row in csv.DictReader(file)}
MATRIX = matrix_read(DEFAULT_MATRIX_PATH.read_text(encoding="utf-8"))
PERSON = uuid5(SPACE, "person")


def agency(name: str) -> UUID:
    return uuid5(SPACE, name)


def party(role: str, kind: str = "assignment", **changes: object) -> PartyFact:
    return replace(PartyFact(agency(role), role, kind, NOW - DAY), **changes)  # type: ignore[arg-type]


def seat(role: str, meeting: str = "first", **changes: object) -> SeatFact:
    made = SeatFact(agency(role), role, uuid5(SPACE, meeting), True, NOW - DAY)
    return replace(made, **changes)  # type: ignore[arg-type]


def paper(role: str, kind: str, *categories: str, **changes: object) -> AuthorisationFact:
    made = AuthorisationFact(kind, agency(role), role, frozenset(categories), NOW - DAY)
    return replace(made, **changes)  # type: ignore[arg-type]


def section(category: str, **changes: object) -> SectionFact:
    return replace(SectionFact(uuid5(SPACE, category), category), **changes)  # type: ignore[arg-type]


def granted(facts: CaseFacts, where: SectionFact, now: datetime = NOW) -> set[tuple[str, str, str]]:
    """(holder, permission, basis) of all that opens; holders by name."""
    names = {agency(role): role for role in ROLES} | {PERSON: "person", agency("other CW"): "other CW"}
    return {
        (names[grant.agency or grant.person], grant.permission, grant.basis)  # type: ignore[index]
        for grant in grants_due(matrix=MATRIX, facts=facts, sections=[where], now=now)
    }


# --- private copies


def test_a_private_copy_opens_to_its_agency_alone() -> None:
    facts = CaseFacts(False, parties=(party("CW"), party("PO")))
    private = section("r06", custodian=agency("CW"))
    assert granted(facts, private) == {("CW", "see", "custodian"), ("CW", "write", "custodian")}


def test_what_belongs_to_the_agency_that_took_it_opens_to_none_while_that_agency_is_unknown() -> None:
    assert granted(CaseFacts(False, parties=(party("CW"), party("PO"))), section("r06")) == set()


def test_another_agencys_private_copy_is_not_ones_own() -> None:
    facts = CaseFacts(False, parties=(party("CW"), party("PO"), party("MH")))
    assert granted(facts, section("r07", custodian=agency("MH"))) == {
        ("MH", "see", "own"),
        ("MH", "write", "own"),
    }
    assert {holder for holder, _, _ in granted(facts, section("r07"))} == {"CW", "PO", "MH"}


def test_a_second_agency_of_the_same_role_does_not_share_a_private_copy() -> None:
    second = replace(party("CW"), agency=agency("other CW"))
    facts = CaseFacts(False, parties=(party("CW"), second))
    assert {h for h, _, _ in granted(facts, section("r06", custodian=agency("CW")))} == {"CW"}
    assert {h for h, _, _ in granted(facts, section("r02"))} == {"CW", "other CW"}


def test_other_grounds_open_a_private_copy_but_nobody_else_writes_in_it() -> None:
    facts = CaseFacts(
        False,
        parties=(party("CW"), party("CDA", "appointment")),
        seats=(seat("MH"),),
        authorisations=(paper("PH", "youth", "r21"), paper("CW", "youth", "r21")),
    )
    private = section("r06", custodian=agency("CW"))
    assert {("CDA", "see", "827V"), ("MH", "see", "MDT")} <= granted(facts, private)
    assert {h for h, p, _ in granted(facts, private) if p == "write"} == {"CW"}
    shared, kept = section("r21"), section("r21", custodian=agency("CW"))
    assert {h for h, p, _ in granted(facts, shared) if p == "write"} == {"CW", "PH"}
    assert {h for h, p, _ in granted(facts, kept) if p == "write"} == {"CW"}


# --- authors


@pytest.mark.parametrize(("category", "role"), [("r09", "MH"), ("r22", "ADV"), ("r22", "SM"), ("r23", "CDA")])
def test_an_authors_notes_open_to_that_person_and_to_nobody_else_of_the_agency(
    category: str, role: str
) -> None:
    notes = section(category, custodian=agency(role), author=PERSON)
    facts = CaseFacts(False, parties=(party(role), party("CW")), seats=(seat(role),))
    found = grants_due(matrix=MATRIX, facts=facts, sections=[notes], now=NOW)
    assert {(g.agency, g.person, g.permission) for g in found} == {
        (None, PERSON, "see"),
        (None, PERSON, "write"),
    }
    assert granted(CaseFacts(False, parties=(party("CW"),)), notes) == set()


def test_an_author_section_without_its_author_opens_to_no_agency() -> None:
    facts = CaseFacts(False, parties=(party("MH"),))
    assert granted(facts, section("r09")) == set()
    assert granted(facts, section("r09", author=PERSON)) == set()


def test_a_paper_opens_an_authors_notes_to_the_agency_it_names_but_not_to_write() -> None:
    notes = section("r22", custodian=agency("ADV"), author=PERSON)
    facts = CaseFacts(False, authorisations=(paper("JC", "CO", "r22"), paper("ADV", "priv", "r22")))
    assert granted(facts, notes) == {("JC", "see", "CO")}


def test_an_author_of_a_role_that_writes_no_such_notes_gets_nothing() -> None:
    facts = CaseFacts(False, parties=(party("CW"), party("CDA")))
    assert granted(facts, section("r09", custodian=agency("CW"), author=PERSON)) == set()
    assert granted(facts, section("r07", custodian=agency("CW"), author=PERSON)) == set()


# --- minutes


def test_minutes_open_to_the_seats_of_their_own_meeting_only() -> None:
    facts = CaseFacts(
        False,
        parties=(party("CW"), party("PO")),
        seats=(seat("CW", "first"), seat("PO", "second"), seat("DA", "first", deemed_in_writing=False)),
    )
    first = section("r24", meeting=uuid5(SPACE, "first"))
    assert granted(facts, first) == {("CW", "see", "MDT"), ("CW", "write", "MDT")}
    assert granted(facts, replace(first, meeting=uuid5(SPACE, "second"))) == {
        ("PO", "see", "MDT"),
        ("PO", "write", "MDT"),
    }


def test_minutes_of_no_known_meeting_open_to_no_seat() -> None:
    assert granted(CaseFacts(False, seats=(seat("CW"),)), section("r24")) == set()


# --- own duties


def test_an_agency_keeps_its_duties_child_welfare_leads_and_others_read_as_in_the_service_plan() -> None:
    duties = section("d01", custodian=agency("PH"))
    facts = CaseFacts(
        False,
        parties=(party("PH"), party("CW"), party("LE"), party("CDA", "appointment")),
        seats=(seat("MH"), seat("PO"), seat("PH")),
    )
    assert granted(facts, duties) == {
        ("PH", "see", "own"),
        ("PH", "write", "own"),
        ("CW", "see", "lead"),
        ("CW", "write", "lead"),
        ("MH", "see_summary", "MDT"),
        ("PO", "see", "MDT"),
        ("CDA", "see", "827V"),
    }


def test_law_enforcement_keeps_its_own_duties_though_it_may_not_read_the_service_plan() -> None:
    facts = CaseFacts(False, parties=(party("LE"), party("DA")))
    assert granted(facts, section("d01", custodian=agency("LE"))) == {
        ("LE", "see", "own"),
        ("LE", "write", "own"),
    }


def test_duties_open_to_no_agency_that_left_the_case() -> None:
    facts = CaseFacts(False, parties=(party("PH", until=NOW), party("CW", until=NOW)))
    assert granted(facts, section("d01", custodian=agency("PH"))) == set()


def test_at_eighteen_others_read_duties_only_with_consent_to_the_plan() -> None:
    duties = section("d01", custodian=agency("PH"))
    seated = CaseFacts(True, seats=(seat("MH"),))
    assert granted(seated, duties) == set()
    consented = replace(seated, authorisations=(paper("MH", "NMD", "r26"),))
    assert granted(consented, duties) == {("MH", "see_summary", "NMD")}


@pytest.mark.parametrize("named", [None, PERSON])
def test_at_eighteen_consent_opens_to_a_member_what_it_owes_itself_as_what_others_owe(
    named: UUID | None,
) -> None:
    own, other = section("d01", custodian=agency("MH")), section("d01", custodian=agency("PH"))
    seated = CaseFacts(True, seats=(seat("MH"),))
    assert granted(seated, own) == set()
    consented = replace(seated, authorisations=(paper("MH", "NMD", "r26", person=named),))
    assert granted(consented, own) == granted(consented, other)
    assert granted(consented, own) == {("person" if named else "MH", "see_summary", "NMD")}
    child = replace(consented, child_is_adult=False, seats=())
    assert granted(child, own) == set()


def test_consent_to_its_duties_outlasts_an_assignment_and_takes_nothing_from_it() -> None:
    own = section("d01", custodian=agency("MH"))
    leaving = CaseFacts(
        True, parties=(party("MH", until=NOW + DAY),), authorisations=(paper("MH", "NMD", "r26"),)
    )
    assert granted(leaving, own) == {
        ("MH", "see", "own"), ("MH", "write", "own"), ("MH", "see_summary", "NMD"),
    }  # fmt: skip
    ends = {
        g.permission: g.ends_at for g in grants_due(matrix=MATRIX, facts=leaving, sections=[own], now=NOW)
    }
    assert ends == {"see": NOW + DAY, "write": NOW + DAY, "see_summary": None}


# --- single conditions


def test_probation_knows_the_reporter_only_where_it_received_or_investigates() -> None:
    for facts in (
        CaseFacts(False, seats=(seat("PO"),)),
        CaseFacts(False, parties=(party("PO", "notice"),)),
    ):
        assert granted(facts, section("r04")) == set()
    investigates = CaseFacts(False, parties=(party("PO", "jurisdiction"),))
    assert ("PO", "see", "11167d") in granted(investigates, section("r04"))


@pytest.mark.parametrize(("role", "kind"), [("CASA", "appointment"), ("LEG", "retainer")])
def test_an_appointment_or_a_retainer_opens_as_the_paper_itself_would(role: str, kind: str) -> None:
    assert granted(CaseFacts(False, parties=(party(role),)), section("r01")) == set()
    opened = granted(CaseFacts(False, parties=(party(role, kind),)), section("r01"))
    assert {(h, p) for h, p, _ in opened} == {(role, "see")}


def test_a_need_to_know_without_an_end_opens_nothing() -> None:
    open_ended = CaseFacts(False, authorisations=(paper("MH", "need", "r19"),))
    ending = CaseFacts(False, authorisations=(paper("MH", "need", "r19", until=NOW + DAY),))
    assert granted(open_ended, section("r19")) == set()
    assert granted(ending, section("r19")) == {("MH", "see", "need")}


def test_the_committee_opens_nothing_even_where_a_county_wrote_that_it_may() -> None:
    text = DEFAULT_MATRIX_PATH.read_text(encoding="utf-8").replace("S 827F,N agg", "S 827F,S own")
    generous = matrix_read(text)
    facts = CaseFacts(False, parties=(party("SC"), party("CW")), seats=(seat("SC"),))
    found = grants_due(matrix=generous, facts=facts, sections=[section("r02")], now=NOW)
    assert generous.cell("r02", "SC").access == "S"
    assert {grant.agency for grant in found} == {agency("CW")}


def test_writing_follows_who_keeps_the_record_and_never_stands_without_seeing() -> None:
    facts = CaseFacts(
        False, parties=tuple(party(role) for role in ROLES), seats=tuple(seat(role) for role in ROLES)
    )
    for category in WRITERS:
        where = section(category, meeting=uuid5(SPACE, "first")) if category == "r24" else section(category)
        found = granted(facts, where)
        seen = {holder for holder, permission, _ in found if permission == "see"}
        assert {h for h, p, _ in found if p == "write"} == seen & WRITERS[category]


def test_the_latest_end_wins_and_an_open_end_beats_all() -> None:
    short, long = party("CW", until=NOW + DAY), party("CW", "responder", until=NOW + 9 * DAY)
    opened = [
        {grant.ends_at for grant in grants_due(matrix=MATRIX, facts=f, sections=[section("r02")], now=NOW)}
        for f in (
            CaseFacts(False, parties=(long, short)),
            CaseFacts(False, parties=(short, long)),
            CaseFacts(False, parties=(short, party("CW"), long)),
        )
    ]
    assert opened == [{NOW + 9 * DAY}, {NOW + 9 * DAY}, {None}]


def test_of_an_agencys_two_roles_the_one_that_lasts_longer_counts() -> None:
    short, long = party("CW", until=NOW + DAY), party("PO", agency=agency("CW"), until=NOW + 9 * DAY)
    for parties in ((short, long), (long, short)):
        found = grants_due(matrix=MATRIX, facts=CaseFacts(False, parties), sections=[section("r02")], now=NOW)
        assert {(grant.agency, grant.ends_at) for grant in found} == {(agency("CW"), NOW + 9 * DAY)}


def test_a_team_grant_ends_at_the_eighteenth_birthday_by_itself() -> None:
    facts = CaseFacts(False, parties=(party("MH"),), seats=(seat("MH"),), turns_adult_at=NOW + DAY)
    (grant,) = grants_due(matrix=MATRIX, facts=facts, sections=[section("r02")], now=NOW)
    assert (grant.basis, grant.ends_at) == ("MDT", NOW + DAY)
    assert granted(facts, section("r02"), NOW + DAY) == set()
    (own,) = (
        g
        for g in grants_due(matrix=MATRIX, facts=facts, sections=[section("r08")], now=NOW)
        if g.permission == "see"
    )
    assert own.ends_at is None


def test_a_coming_revocation_is_the_grants_end() -> None:
    consent = paper("SU", "youth", "r12", until=NOW + 9 * DAY, revoked_at=NOW + DAY)
    (grant,) = grants_due(
        matrix=MATRIX, facts=CaseFacts(False, authorisations=(consent,)), sections=[section("r12")], now=NOW
    )
    assert grant.ends_at == NOW + DAY


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        grants_due(matrix=MATRIX, facts=CaseFacts(False), sections=[], now=NOW.replace(tzinfo=None))


def test_facts_with_unknown_words_are_refused() -> None:
    with pytest.raises(ValueError, match="XX"):
        PartyFact(agency("CW"), "XX", "assignment", NOW)
    with pytest.raises(ValueError, match="friend"):
        party("CW", "friend")
    with pytest.raises(ValueError, match="r28"):
        section("r28")


# --- laws, on any facts

moments = st.integers(-5, 5).map(lambda days: NOW + days * DAY)
ends = st.none() | moments
roles = st.sampled_from(ROLES)
kinds = st.sampled_from(
    [
        "CO",
        "ROI",
        "P2",
        "youth",
        "need",
        "CFT",
        "CASA",
        "own-client",
        "seal",
        "priv",
        "827E",
        "827K",
        "827V",
        "MDT",
        "NMD",
        "P2CO",
    ]
)
NAMED = uuid5(SPACE, "named")
agencies = st.sampled_from([*ROLES, "other CW"]).map(agency)
meetings = st.sampled_from([uuid5(SPACE, "first"), uuid5(SPACE, "second")])
parties = st.builds(PartyFact, agencies, roles, st.sampled_from(sorted(PARTY_KINDS)), moments, ends)
seats = st.builds(SeatFact, agencies, roles, meetings, st.booleans(), moments, ends, st.none() | moments)
papers = st.builds(
    AuthorisationFact,
    kinds,
    agencies,
    roles,
    st.frozensets(st.sampled_from(SECTION_CATEGORIES), min_size=1),
    moments,
    ends,
    st.none() | moments,
    st.none() | st.just(NAMED),
    st.none() | agencies,
)
sections = st.builds(
    SectionFact,
    st.uuids(),
    st.sampled_from(SECTION_CATEGORIES),
    st.none() | agencies,
    st.none() | st.just(PERSON),
    st.none() | meetings,
)
cases = st.builds(
    CaseFacts,
    st.booleans(),
    st.lists(parties, max_size=6).map(tuple),
    st.lists(seats, max_size=4).map(tuple),
    st.lists(papers, max_size=6).map(tuple),
    st.none() | moments,
)


def keyed(found: frozenset[GrantDue]) -> dict[tuple[UUID, UUID | None, UUID | None, str], GrantDue]:
    made = {(g.section, g.agency, g.person, g.permission): g for g in found}
    assert len(made) == len(found), "a permission stands twice"
    return made


@given(cases, st.lists(sections, max_size=6, unique_by=lambda s: s.id), papers, moments)
def test_one_more_paper_never_takes_a_grant_away(
    facts: CaseFacts, where: list[SectionFact], extra: AuthorisationFact, now: datetime
) -> None:
    before = keyed(grants_due(matrix=MATRIX, facts=facts, sections=where, now=now))
    more = replace(facts, authorisations=(*facts.authorisations, extra))
    after = keyed(grants_due(matrix=MATRIX, facts=more, sections=where, now=now))
    far = datetime.max.replace(tzinfo=UTC)
    for key, grant in before.items():
        assert (after[key].ends_at or far) >= (grant.ends_at or far)


@given(cases, sections, moments)
def test_a_never_is_absolute(facts: CaseFacts, where: SectionFact, now: datetime) -> None:
    known = {(f.agency, f.role) for f in (*facts.parties, *facts.seats, *facts.authorisations)}
    row = FILE["r26" if where.category == "d01" else where.category]
    may_open = {a for a, role in known if not row[role].startswith("N") and role != "SC"}
    if where.category == "d01":
        may_open |= {a for a, role in known if a == where.custodian and role != "SC"}
    found = grants_due(matrix=MATRIX, facts=facts, sections=[where], now=now)
    assert {g.agency or where.custodian for g in found if g.person != NAMED} <= may_open
    named = {p.agency for p in facts.authorisations if p.person == NAMED}
    assert not any(g.person == NAMED for g in found) or named & may_open


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(cases, st.lists(sections, max_size=6, unique_by=lambda s: s.id), moments)
def test_no_grant_outlives_its_facts(facts: CaseFacts, where: list[SectionFact], now: datetime) -> None:
    found = grants_due(matrix=MATRIX, facts=facts, sections=where, now=now)
    for grant in found:
        assert grant.ends_at is None or grant.ends_at > now
        if grant.ends_at is not None:
            # Only a fact that begins by then may carry it on, or at eighteen the young person's consent.
            begun = replace(
                facts,
                parties=tuple(f for f in facts.parties if f.since <= now),
                seats=tuple(f for f in facts.seats if f.since <= now),
                authorisations=tuple(f for f in facts.authorisations if f.since <= now),
            )
            alone = keyed(grants_due(matrix=MATRIX, facts=begun, sections=where, now=grant.ends_at))
            carried = alone.get((grant.section, grant.agency, grant.person, grant.permission))
            assert carried is None or carried.basis == "youth"


@given(cases, st.lists(sections, max_size=6, unique_by=lambda s: s.id), moments)
def test_the_order_of_facts_and_sections_does_not_matter(
    facts: CaseFacts, where: list[SectionFact], now: datetime
) -> None:
    shuffled = replace(
        facts,
        parties=facts.parties[::-1],
        seats=facts.seats[::-1],
        authorisations=facts.authorisations[::-1],
    )
    assert grants_due(matrix=MATRIX, facts=facts, sections=where, now=now) == grants_due(
        matrix=MATRIX, facts=shuffled, sections=where[::-1], now=now
    )


# --- papers that name a person or a keeper, teams of two


def test_a_paper_that_names_a_person_opens_to_that_person_and_not_to_the_agency() -> None:
    facts = CaseFacts(False, authorisations=(paper("ADV", "need", "r19", person=PERSON, until=NOW + DAY),))
    assert granted(facts, section("r19")) == {("person", "see", "need")}
    both = replace(
        facts, authorisations=(*facts.authorisations, paper("ADV", "need", "r19", until=NOW + DAY))
    )
    assert {holder for holder, _, _ in granted(both, section("r19"))} == {"person", "ADV"}


def test_a_person_named_in_a_paper_keeps_the_record_where_their_role_does() -> None:
    facts = CaseFacts(False, authorisations=(paper("MH", "youth", "r21", person=PERSON),))
    assert granted(facts, section("r21")) == {("person", "see", "youth"), ("person", "write", "youth")}


def test_a_paper_of_one_keeper_opens_only_what_that_keeper_holds() -> None:
    waiver = paper("CDA", "priv", "r22", discloser=agency("ADV"))
    theirs, others = (
        section("r22", custodian=agency(role), author=uuid5(SPACE, role)) for role in ("ADV", "SM")
    )
    facts = CaseFacts(False, authorisations=(waiver,))
    assert granted(facts, theirs) == {("CDA", "see", "priv")}
    assert granted(facts, others) == set()


def test_a_part_2_order_answers_where_part_2_consent_is_asked_and_a_general_order_does_not() -> None:
    assert granted(CaseFacts(False, authorisations=(paper("CW", "P2CO", "r10"),)), section("r10")) == {
        ("CW", "see", "P2CO")
    }
    assert granted(CaseFacts(False, authorisations=(paper("CW", "CO", "r10"),)), section("r10")) == set()


def test_a_team_of_two_stops_sharing_when_its_days_are_over_and_keeps_its_minutes() -> None:
    over = seat("MH", "first", window_until=NOW)
    going = seat("MH", "first", window_until=NOW + DAY)
    minutes = section("r24", meeting=uuid5(SPACE, "first"))
    assert granted(CaseFacts(False, seats=(over,)), section("r25")) == set()
    assert granted(CaseFacts(False, seats=(over,)), section("r01")) == set()
    assert {p for _, p, _ in granted(CaseFacts(False, seats=(going,)), section("r25"))} == {"see", "write"}
    assert {p for _, p, _ in granted(CaseFacts(False, seats=(over,)), minutes)} == {"see", "write"}
    found = grants_due(
        matrix=MATRIX, facts=CaseFacts(False, seats=(going,)), sections=[section("r25")], now=NOW
    )
    assert {grant.ends_at for grant in found} == {NOW + DAY}


def test_a_restriction_gives_the_named_what_their_agency_had_and_nobody_else_anything() -> None:
    named, other = uuid5(SPACE, "named"), uuid5(SPACE, "other")
    facts = CaseFacts(False, parties=(party("CW"), party("PO")))
    open_to_all = granted(facts, section("r01"))
    restricted = replace(facts, restriction=RestrictionFact(frozenset({(named, agency("CW"))})))
    found = grants_due(matrix=MATRIX, facts=restricted, sections=[section("r01")], now=NOW)
    assert {grant.person for grant in found} == {named}
    assert {grant.agency for grant in found} == {None}
    theirs = grants_due(matrix=MATRIX, facts=facts, sections=[section("r01")], now=NOW)
    assert {(g.permission, g.basis, g.ends_at) for g in found} == {
        (g.permission, g.basis, g.ends_at) for g in theirs if g.agency == agency("CW")
    }
    assert open_to_all
    nobody = replace(facts, restriction=RestrictionFact(frozenset({(other, agency("LE"))})))
    assert grants_due(matrix=MATRIX, facts=nobody, sections=[section("r01")], now=NOW) == frozenset()


def test_a_sealed_part_opens_to_nothing_but_a_purpose_that_stands_in_it() -> None:
    parties = tuple(party(role) for role in ROLES if role != "SC")
    where = section("r16", sealed=True)
    orders = tuple(paper(role, "CO", "r16") for role in ROLES if role != "SC")
    assert granted(CaseFacts(False, parties=parties, authorisations=orders), where) == set()
    until = NOW + DAY
    elsewhere = paper("CW", "seal", "r16", until=until, section=uuid5(SPACE, "another part"))
    endless = paper("CW", "seal", "r16", section=where.id)
    assert granted(CaseFacts(False, parties=parties, authorisations=(elsewhere, endless)), where) == set()
    purpose = paper("CW", "seal", "r16", until=until, section=where.id)
    found = grants_due(
        matrix=MATRIX,
        facts=CaseFacts(False, parties=parties, authorisations=(*orders, purpose)),
        sections=[where],
        now=NOW,
    )
    assert {(g.agency, g.basis, g.ends_at) for g in found} == {(agency("CW"), "seal", until)}


def test_no_emergency_opens_a_sealed_part() -> None:
    look = EmergencyFact(PERSON, "PO", "danger", NOW - timedelta(minutes=1), NOW + timedelta(minutes=30))
    facts = CaseFacts(False, emergencies=(look,))
    opened = {
        category
        for category in SECTION_CATEGORIES
        if grants_due(matrix=MATRIX, facts=facts, sections=[section(category)], now=NOW)
    }
    assert opened
    for category in opened:
        assert not grants_due(matrix=MATRIX, facts=facts, sections=[section(category, sealed=True)], now=NOW)
