"""Papers that open a section: each element the law asks for, who may sign at what age, and validity at a moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.disclosure.categories import BASES, MATRIX_CATEGORIES, ROLES
from agencies.disclosure.facts import SeatFact
from agencies.disclosure.matrix import DEFAULT_MATRIX_PATH, Access, matrix_read
from agencies.disclosure.papers import KINDS, Circumstances, Terms, answers
from agencies.disclosure.papers.minors import MINOR_CONSENT, may_consent
from agencies.disclosure.papers.own_word import NEED_LONGEST, NeedTerms
from agencies.disclosure.papers.team import team_window
from tests.referrals.papers import ELEMENTS, elements_of

SPACE = UUID("00000000-0000-4000-8000-0000000000c7")
AGENCY = uuid5(SPACE, "agency")
NOW = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TERMS = {kind.kind: kind for kind in KINDS}
CATEGORY = {"P2": "r10", "CO": "r15", "youth": "r12", "need": "r19", "seal": "r17", "priv": "r22"}


def aged(age: int | None) -> Circumstances:
    return Circumstances(now=NOW, today=NOW.date(), age_on=lambda _: age)


def whole(ground: str, **changes: Any) -> Terms:
    """A paper with everything the law asks of it, in force for ten days."""
    kind, elements = elements_of(ground)
    values: dict[str, Any] = {
        "category": CATEGORY.get(ground, "r08"),
        "agency": AGENCY,
        "since": NOW,
        "until": NOW + 10 * DAY,
        "evidence": "Folder 12",
        **elements,
    }
    if kind == "need":
        values["approved_at"] = NOW
    return TERMS[kind](**{**values, **changes})


@pytest.mark.parametrize("kind", sorted(ELEMENTS))
def test_a_whole_paper_lacks_nothing_and_opens_its_category_to_its_recipient_alone(kind: str) -> None:
    paper = whole(kind)
    assert paper.lacks(aged(19 if kind == "NMD" else None)) == ()
    opened = paper.opens_at(NOW)
    assert opened is not None
    assert (opened.category, opened.agency, opened.person) == (paper.category, AGENCY, None)


@pytest.mark.parametrize(
    ("kind", "field", "law"),
    [
        ("CO", "court", "827(a)(1)(Q)"),
        ("CO", "judge", "827(a)(1)(Q)"),
        ("CO", "terms_ordered", "827(a)(1)(Q)"),
        ("P2", "patient_named", "2.31(a)(1)"),
        ("P2", "program", "2.31(a)(2)"),
        ("P2", "what", "2.31(a)(3)"),
        ("P2", "purpose", "2.31(a)(5)"),
        ("P2", "revocable", "2.31(a)(6)"),
        ("P2", "until", "2.31(a)(7)"),
        ("P2", "signer", "2.31(a)(8)"),
        ("P2", "signed_on", "2.31(a)(8), (9)"),
        ("ROI", "what", "164.508(c)"),
        ("ROI", "purpose", "164.508(c)"),
        ("ROI", "until", "164.508(c)(1)(v)"),
        ("ROI", "revocable", "164.508(c)(2)(i)"),
        ("ROI", "not_a_condition", "164.508(c)(2)(ii)"),
        ("ROI", "may_travel_on", "164.508(c)(2)(iii)"),
        ("CFT", "no_adoption_records", "WIC 832"),
        ("CFT", "participant", "WIC 832"),
        ("youth", "signed", "county protocol"),
        ("youth", "allows", "county protocol"),
        ("NMD", "explained", "18964(c)"),
        ("NMD", "in_writing", "18964(c)"),
        ("CASA", "reads_records", "WIC 107"),
        ("CASA", "ordered_on", "WIC 103"),
        ("own-client", "acts_for_youth", "WIC 317"),
        ("need", "until", "need to know"),
        ("need", "task", "need to know"),
        ("827", "capacity", "827(a)(1)"),
        ("priv", "what", "Evidence Code 912"),
        ("seal", "authority", "WIC 786"),
        ("seal", "until", "WIC 786"),
    ],
)
def test_a_missing_element_is_refused_by_its_name_and_law(kind: str, field: str, law: str) -> None:
    given = whole(kind)
    default: Any = False if getattr(given, field) is True else None
    empty = replace(given, **{field: "" if isinstance(getattr(given, field), str) else default})
    lacks = empty.lacks(aged(19 if kind == "NMD" else None))
    assert [lack for lack in lacks if lack.field == field and law in lack.law], lacks


@pytest.mark.parametrize(
    ("kind", "age", "changes", "field"),
    [
        ("P2", 11, {"capacity": "youth"}, "capacity"),
        ("P2", 11, {"capacity": "both"}, None),
        ("P2", 12, {"capacity": "youth"}, None),
        ("P2", 15, {"capacity": "guardian"}, "capacity"),
        ("P2", 18, {"capacity": "both"}, "capacity"),
        ("ROI", 15, {"capacity": "youth"}, "minor_section"),
        ("ROI", 15, {"capacity": "youth", "minor_section": "6924"}, None),
        ("ROI", 11, {"capacity": "youth", "minor_section": "6924"}, "minor_section"),
        ("ROI", 15, {"capacity": "guardian"}, None),
        ("ROI", 18, {"capacity": "guardian"}, "capacity"),
        ("ROI", 18, {"capacity": "youth"}, None),
        ("ROI", 15, {"capacity": "youth", "category": "r14"}, "capacity"),
        ("ROI", 15, {"capacity": "guardian", "category": "r14", "until": None, "revocable": False}, None),
        ("youth", 11, {"minor_section": "6926"}, "minor_section"),
        ("youth", 12, {"minor_section": "6926"}, None),
        ("youth", 9, {"minor_section": "6928"}, None),
        ("youth", 15, {"minor_section": "", "category": "r21"}, None),
        ("youth", 15, {"minor_section": ""}, "minor_section"),
        ("NMD", 17, {}, "signed_on"),
        ("NMD", None, {}, "signed_on"),
        ("NMD", 18, {}, None),
        ("CO", 15, {"category": "r10"}, "part_2_findings"),
        ("CO", 15, {"category": "r10", "part_2_findings": True}, None),
        ("CO", 15, {"ordered_on": NOW.date() + DAY}, "ordered_on"),
        ("827E", 15, {"takes_part": False}, "takes_part"),
        ("827V", 15, {"case_number": ""}, "case_number"),
        ("827K", 15, {"case_number": "", "takes_part": False}, None),
        ("own-client", 15, {"appointed": True}, "court"),
        ("need", 15, {"until": NOW + NEED_LONGEST + DAY}, "until"),
        ("seal", 15, {"until": NOW + 91 * DAY}, "until"),
        ("CFT", 15, {"since": NOW + DAY}, "since"),
        ("CFT", 15, {"until": NOW}, "until"),
        ("CFT", 15, {"evidence": "  "}, "evidence"),
    ],
)
def test_who_may_sign_and_for_how_long(
    kind: str, age: int | None, changes: dict[str, Any], field: str | None
) -> None:
    lacking = {lack.field for lack in whole(kind, **changes).lacks(aged(age))}
    assert (field in lacking) if field else lacking == set()


@pytest.mark.parametrize("section", sorted(MINOR_CONSENT))
def test_a_minor_consents_from_the_age_the_section_names(section: str) -> None:
    from_age = MINOR_CONSENT[section].from_age
    assert may_consent(section, from_age)
    assert may_consent(section, None)
    assert may_consent(section, 18)
    assert from_age == 0 or not may_consent(section, from_age - 1)


moments = st.integers(-300, 400).map(lambda days: NOW + days * DAY)


@given(st.sampled_from(sorted(ELEMENTS)), moments, moments | st.none(), moments | st.none(), moments)
def test_a_paper_is_valid_just_between_its_beginning_and_its_first_end(
    kind: str, since: datetime, until: datetime | None, revoked_at: datetime | None, at: datetime
) -> None:
    if kind in {"need", "seal"} and until is None:
        until = since + DAY
    paper = whole(kind, since=since, until=until, revoked_at=revoked_at)
    if isinstance(paper, NeedTerms):
        paper = replace(paper, approved_at=since)
    end = min((m for m in (until, revoked_at) if m is not None), default=datetime.max.replace(tzinfo=UTC))
    assert (paper.opens_at(at) is not None) == (since <= at < end)


@given(st.sampled_from(sorted(ELEMENTS)), st.data())
def test_a_paper_short_of_any_element_opens_nothing(kind: str, data: st.DataObject) -> None:
    paper = whole(kind)
    if not paper.elements:
        return
    element = data.draw(st.sampled_from(paper.elements))
    value = getattr(paper, element.field)
    assert replace(paper, **{element.field: "" if isinstance(value, str) else None}).opens_at(NOW) is None


def test_a_need_opens_only_from_the_supervisors_word() -> None:
    need = whole("need", approved_at=None)
    assert need.opens_at(NOW) is None
    agreed = replace(need, approved_at=NOW + DAY)
    assert (agreed.opens_at(NOW), agreed.opens_at(NOW + DAY) is None) == (None, False)


def test_every_ground_that_asks_for_a_paper_has_a_kind_that_answers_it() -> None:
    matrix = matrix_read(DEFAULT_MATRIX_PATH.read_text(encoding="utf-8"))
    grounds = {elements_of(g)[0] for g in BASES if g in {"CO", "ROI", "P2", "CFT", "youth", "NMD", "need"}}
    assert grounds <= TERMS.keys()
    for category in MATRIX_CATEGORIES:
        for role in ROLES:
            cell = matrix.cell(category, role)
            if cell.access is Access.AUTHORISED:
                for ground in answers(cell.basis):
                    assert whole(ground).ground() in {ground, "CO"}, (category, role)


def test_the_papers_have_no_field_that_their_form_or_table_could_forget() -> None:
    from referrals.forms.papers import FORM_OF, PaperForm
    from referrals.models import MODEL_OF

    shared = {field.name for field in fields(Terms)} | {"approved_at"}
    for kind, terms_type in TERMS.items():
        own = {field.name for field in fields(terms_type)} - shared
        assert own == set(FORM_OF[kind].base_fields) - set(PaperForm.base_fields), kind
        assert own <= {field.name for field in MODEL_OF[kind]._meta.get_fields()}, kind


@pytest.mark.parametrize(
    ("seats", "cause", "law", "until"),
    [
        (5, None, "WIC 830, 18951", None),
        (3, None, "WIC 830, 18951", None),
        (2, None, "WIC 18961.7", NOW + 30 * DAY),
        (2, NOW + 45 * DAY, "WIC 18961.7", NOW + 45 * DAY),
        (2, NOW + 5 * DAY, "WIC 18961.7", NOW + 30 * DAY),
        (1, None, "WIC 18961.7", NOW + 30 * DAY),
    ],
)
def test_a_team_of_two_has_thirty_days_from_the_report_and_longer_only_with_good_cause(
    seats: int, cause: datetime | None, law: str, until: datetime | None
) -> None:
    taken = [sits(-DAY)] * seats
    found = team_window(seats=taken, reported_at=NOW, good_cause_until=cause)
    assert (found.law, found.until) == (law, until)
    unknown = team_window(seats=[sits(-DAY), sits(-2 * DAY)], reported_at=None, good_cause_until=None)
    assert unknown.until == NOW + 28 * DAY


@pytest.mark.parametrize(
    ("ends", "reported_ago", "cause", "until"),
    [
        ([None, None, DAY], 40 * DAY, None, NOW + DAY),  # two are left, whose days are over
        ([DAY, 2 * DAY, 3 * DAY], 40 * DAY, None, NOW + DAY),
        ([None, None, 2 * DAY, DAY], 40 * DAY, None, NOW + 2 * DAY),  # three, until the second leaves
        ([None, None, DAY], 10 * DAY, None, NOW + 20 * DAY),
        ([None, None, DAY], 40 * DAY, NOW + 5 * DAY, NOW + 5 * DAY),
        ([None, None, None, DAY], 40 * DAY, None, None),
    ],
)
def test_a_team_that_will_fall_to_two_shares_until_then_or_for_the_days_that_two_have(
    ends: list[timedelta | None], reported_ago: timedelta, cause: datetime | None, until: datetime | None
) -> None:
    taken = [sits(-60 * DAY, end) for end in ends]
    found = team_window(seats=taken, reported_at=NOW - reported_ago, good_cause_until=cause)
    assert (found.law, found.until) == ("WIC 830, 18951", until)


def sits(since: timedelta, until: timedelta | None = None) -> SeatFact:
    return SeatFact(AGENCY, "MH", AGENCY, True, NOW + since, None if until is None else NOW + until)


def test_the_day_of_signature_decides_the_age() -> None:
    ages: Callable[[date], int | None] = lambda day: 17 if day < date(2026, 11, 1) else 18  # noqa: E731
    when = Circumstances(now=NOW, today=NOW.date(), age_on=ages)
    assert whole("NMD", signed_on=date(2026, 11, 1)).lacks(when) == ()
    assert whole("NMD", signed_on=date(2026, 10, 31)).lacks(when) != ()
