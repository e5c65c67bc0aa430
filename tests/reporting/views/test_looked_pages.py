"""Who looked: answered for those who review, about the cases and people that are theirs to review, without a child's name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Duty, Role
from cseccase.audit.models import AccessEntry
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.choices import PartyKind
from referrals.models import Referral
from referrals.selectors.case_file import access_case, case_list
from referrals.services.referral import ChildSaid
from referrals.services.sharing import Joining, SectionKey, file_extend
from tests.reporting.views.pages import MARKERS, main_of, signed_in, table_rows
from tests.worlds import World, county_make, county_today, person_make, referral_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def referral(world: World) -> Referral:
    return referral_make(
        world, child=ChildSaid(given_name="Zyx", family_name="Markerchild"), narrative="Zyx said"
    )


def look(
    world: World, referral: Referral, role: Role, duty: Duty = Duty.LINE_WORKER, *, times: int = 1
) -> None:
    viewer = world.viewer(role, duty)
    for _ in range(times):
        with viewing_as(viewer):
            access_case(viewer=viewer, case_id=referral.case_file_id, now=datetime.now(UTC))


def case_url(referral: Referral) -> str:
    return reverse("reporting:looked_case", args=[referral.case_file_id])


def words(client, url: str, status: int = 200, **query: str) -> str:  # type: ignore[no-untyped-def]
    answer = client.get(url, query)
    assert answer.status_code == status
    return unescape(main_of(answer.content.decode())) if status == 200 else unescape(answer.content.decode())


def test_a_supervisor_reads_who_opened_a_case_of_theirs_when_and_why_they_could(
    world: World, referral: Referral
) -> None:
    look(world, referral, Role.CHILD_WELFARE)
    html = words(signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)), case_url(referral))
    name = world.person(Role.CHILD_WELFARE).full_name
    rows = [row for row in table_rows(html) if name in " ".join(row)]
    assert len(rows) == 1
    _, who, what, why = rows[0]
    assert "Opened the case file" in what
    assert "Valverde County Child Welfare" in who
    assert why.strip()
    assert ("people from" in html) or ("person from" in html)


def test_a_supervisor_of_another_agency_finds_no_log_of_a_case_they_do_not_see(
    world: World, referral: Referral
) -> None:
    theirs = signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
    others = signed_in(world.person(Role.MENTAL_HEALTH, Duty.SUPERVISOR))
    assert theirs.get(case_url(referral)).status_code == 200
    hidden = others.get(case_url(referral))
    absent = others.get(reverse("reporting:looked_case", args=[uuid4()]))
    assert hidden.status_code == absent.status_code == 404
    assert main_of(hidden.content.decode()) == main_of(absent.content.decode())


def test_an_agency_that_does_not_know_who_takes_part_reads_its_own_people_only(
    world: World, referral: Referral
) -> None:
    look(world, referral, Role.CHILD_WELFARE)
    look(world, referral, Role.ADVOCATE)
    html = words(signed_in(world.person(Role.ADVOCATE, Duty.SUPERVISOR)), case_url(referral))
    assert world.person(Role.ADVOCATE).full_name in html
    assert world.person(Role.CHILD_WELFARE).full_name not in html
    assert "Child Welfare" not in "".join(cell for row in table_rows(html) for cell in row)


def test_the_log_never_says_that_a_protected_part_exists(world: World, referral: Referral) -> None:
    with viewing_as(world.viewer(Role.CHILD_WELFARE)):
        file_extend(
            case_file=referral.case_file,
            recorded_by=world.person(Role.CHILD_WELFARE).pk,
            now=datetime.now(UTC),
            sections=[SectionKey("r10", custodian=world.agencies["SU"].pk)],
            parties=[Joining(world.agencies["SU"].pk, PartyKind.RESPONDER)],
        )
    viewer = world.viewer(Role.SUBSTANCE_USE)
    with viewing_as(viewer):
        record(
            Verb.RECORD_VIEWED,
            viewer=viewer,
            at=datetime.now(UTC),
            subject_kind="record",
            case_file=referral.case_file_id,
            category="r10",
        )
    seen_by = {
        role: words(signed_in(world.person(role, duty)), case_url(referral))
        for role, duty in (
            (Role.CHILD_WELFARE, Duty.SUPERVISOR),
            (Role.SUBSTANCE_USE, Duty.SUPERVISOR),
            (Role.COUNTY_COUNSEL, Duty.AUDITOR),
        )
    }
    assert viewer.name not in seen_by[Role.CHILD_WELFARE]
    assert "Substance-use treatment" in seen_by[Role.SUBSTANCE_USE]
    assert "part kept apart by law" in seen_by[Role.COUNTY_COUNSEL]
    assert "reatment" not in seen_by[Role.COUNTY_COUNSEL]


def test_a_keeper_reads_no_look_at_a_part_that_is_another_agencys_own(
    world: World, referral: Referral
) -> None:
    lookers = [world.viewer(role) for role in (Role.ADVOCATE, Role.PROBATION)]
    for viewer in lookers:
        with viewing_as(viewer):
            record(
                Verb.DUTY_VIEWED,
                viewer=viewer,
                at=datetime.now(UTC),
                subject_kind="deadline",
                case_file=referral.case_file_id,
                category="d01",
            )
    log = words(signed_in(world.person(Role.PROBATION, Duty.SUPERVISOR)), case_url(referral))
    rows = [" ".join(row) for row in table_rows(log) if "Opened a duty" in " ".join(row)]
    assert len(rows) == 1 and lookers[1].name in rows[0]


def test_the_security_officer_and_the_auditor_see_the_log_and_not_the_record(
    world: World, referral: Referral
) -> None:
    look(world, referral, Role.CHILD_WELFARE)
    for role, duty in ((Role.CHILD_WELFARE, Duty.SECURITY_OFFICER), (Role.STEERING_COMMITTEE, Duty.AUDITOR)):
        client = signed_in(world.person(role, duty))
        html = words(client, case_url(referral))
        assert world.person(Role.CHILD_WELFARE).full_name in html
        assert str(referral.case_file) in html
        assert client.get(reverse("reporting:changed", args=[referral.case_file_id])).status_code == 404
    outside = signed_in(world.person(Role.MENTAL_HEALTH, Duty.SECURITY_OFFICER))
    assert outside.get(case_url(referral)).status_code == 404


def test_no_page_of_the_log_holds_a_childs_name(world: World, referral: Referral) -> None:
    look(world, referral, Role.CHILD_WELFARE)
    person = world.person(Role.CHILD_WELFARE)
    client = signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
    for url in (
        reverse("reporting:looked"),
        case_url(referral),
        reverse("reporting:looked_person", args=[person.pk]),
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        assert not any(marker in answer.content.decode() for marker in MARKERS)


def test_an_auditor_of_another_county_finds_nothing(world: World, referral: Referral) -> None:
    elsewhere = county_make("Otherwhere County")
    client = signed_in(elsewhere.person(Role.CHILD_WELFARE, Duty.AUDITOR))
    assert client.get(case_url(referral)).status_code == 404
    person = world.person(Role.CHILD_WELFARE)
    assert client.get(reverse("reporting:looked_person", args=[person.pk])).status_code == 404
    assert person.full_name not in words(client, reverse("reporting:looked"))


def test_a_refused_try_is_shown_to_the_reviewer(world: World, referral: Referral) -> None:
    stranger = signed_in(world.person(Role.MENTAL_HEALTH))
    assert stranger.get(reverse("reporting:changed", args=[referral.case_file_id])).status_code == 404
    html = words(signed_in(world.person(Role.STEERING_COMMITTEE, Duty.AUDITOR)), case_url(referral))
    assert "1 try was refused" in html
    assert world.person(Role.MENTAL_HEALTH).full_name in html
    assert "Nothing was shown" in html
    refused = words(
        signed_in(world.person(Role.STEERING_COMMITTEE, Duty.AUDITOR)), case_url(referral), kind="refused"
    )
    assert world.person(Role.MENTAL_HEALTH).full_name in str(table_rows(refused))


def test_a_look_in_a_list_is_found_by_the_case_it_listed(world: World, referral: Referral) -> None:
    viewer = world.viewer(Role.PROBATION)
    with viewing_as(viewer):
        case_list(viewer=viewer, now=datetime.now(UTC))
    client = signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
    assert viewer.name in words(client, case_url(referral), kind="listed")
    other = referral_make(world)
    assert viewer.name not in words(client, case_url(other), kind="listed")


def test_a_supervisor_reads_what_a_person_of_their_agency_looked_at(world: World, referral: Referral) -> None:
    look(world, referral, Role.CHILD_WELFARE)
    person = world.person(Role.CHILD_WELFARE)
    url = reverse("reporting:looked_person", args=[person.pk])
    html = words(signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)), url)
    assert str(referral.case_file) in html
    assert signed_in(world.person(Role.PROBATION, Duty.SUPERVISOR)).get(url).status_code == 404


def test_a_line_worker_reviews_nobody(world: World, referral: Referral) -> None:
    client = signed_in(world.person(Role.CHILD_WELFARE))
    for url in (reverse("reporting:looked"), case_url(referral)):
        assert client.get(url).status_code == 403


def test_looking_at_the_log_is_logged(world: World, referral: Referral) -> None:
    reviewer = world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    client = signed_in(reviewer)
    client.get(case_url(referral))
    client.get(reverse("reporting:looked_person", args=[reviewer.pk]))
    with acting_because("test"):
        entries = AccessEntry.objects.filter(verb=Verb.LOG_VIEWED, person=reviewer.pk).order_by("at")
        assert [(entry.subject_kind, entry.subject) for entry in entries] == [
            ("log_case", referral.case_file_id),
            ("log_person", reviewer.pk),
        ]


def test_a_case_is_found_by_its_number_which_stays_out_of_the_address(
    world: World, referral: Referral
) -> None:
    client = signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
    number = str(referral.case_file)
    found = client.post(reverse("reporting:looked_find"), {"number": number.lower()})
    assert found.status_code == 302
    assert found.url == case_url(referral)
    for number in ("CF-ZZZ-ZZZ", "nonsense", ""):
        answer = client.post(reverse("reporting:looked_find"), {"number": number})
        assert answer.status_code == 400
        assert "Mend this" in answer.content.decode()


def test_days_and_kinds_narrow_the_log(world: World, referral: Referral) -> None:
    look(world, referral, Role.CHILD_WELFARE)
    client = signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
    today = county_today()
    far = (today + timedelta(days=3)).isoformat()
    assert "Opened the case file" in words(client, case_url(referral), kind="opened")
    assert "Logged a referral" not in words(client, case_url(referral), kind="opened")
    assert "Logged a referral" in words(client, case_url(referral), kind="wrote")
    assert "There is no such entry" in words(client, case_url(referral), from_on=far)


@pytest.mark.parametrize(
    "query", [{"from_on": "soon"}, {"kind": "everything"}, {"from_on": "2026-11-02", "to_on": "2026-11-01"}]
)
def test_a_filter_that_makes_no_sense_is_told_so(
    world: World, referral: Referral, query: dict[str, str]
) -> None:
    client = signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
    answer = client.get(case_url(referral), query)
    assert answer.status_code == 400
    assert "Mend this" in answer.content.decode()


@pytest.mark.parametrize(
    "before", ["x", "2026-11-01|1", "2026-11-01T00:00:00|00000000-0000-0000-0000-000000000000"]
)
def test_a_page_key_that_is_none_finds_nothing(world: World, referral: Referral, before: str) -> None:
    client = signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
    assert client.get(case_url(referral), {"before": before}).status_code == 404


def test_pages_follow_one_another_without_a_gap_at_the_same_cost(world: World, referral: Referral) -> None:
    client = signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
    url = case_url(referral)
    look(world, referral, Role.CHILD_WELFARE)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    look(world, referral, Role.CHILD_WELFARE, times=60)
    with CaptureQueriesContext(connection) as many:
        client.get(url, {"kind": "opened"})
    assert len(few) == len(many)
    seen, query = 0, {"kind": "opened"}
    for _ in range(6):
        html = words(client, url, **query)
        seen += sum("Opened the case file" in " ".join(row) for row in table_rows(html))
        older = [part.split('"')[0] for part in html.split('rel="next" href="?')[1:]]
        if not older:
            break
        from urllib.parse import parse_qs

        query = {key: values[0] for key, values in parse_qs(older[0]).items()}
    assert seen == 61


def test_an_untrained_supervisor_reviews_no_case(world: World, referral: Referral) -> None:
    trained = world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    untrained = person_make(world.agencies["CW"], Duty.SUPERVISOR, trained=False)
    assert signed_in(trained).get(case_url(referral)).status_code == 200
    assert signed_in(untrained).get(case_url(referral)).status_code == 404
