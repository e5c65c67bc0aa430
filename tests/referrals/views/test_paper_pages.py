"""Pages of papers on file: keepers record, read, print and revoke them; what may only be looked at is not printed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.models import (
    CaseEvent,
    CaseFile,
    FileSection,
    NeedToKnow,
    Part2Consent,
    SeatFact,
    SectionGroupGrant,
)
from referrals.services.sharing import SectionKey, file_extend, sharing_settle
from tests.pages import client_of, words
from tests.referrals.papers import paper_on_file
from tests.referrals.services.test_paper import case_with, record_in
from tests.reporting.views.pages import pdf_is_tagged, pdf_text
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"


@pytest.fixture
def world() -> World:
    return county_make()


def consent(world: World, **changes: str) -> dict[str, str]:
    """The form of a substance-use consent, whole."""
    today = datetime.now(UTC) - timedelta(days=2)
    return {
        "category": "r10",
        "agency": str(world.agencies["CW"].pk),
        "patient_named": "on",
        "program": "Harbor program",
        "what": "Attendance only",
        "purpose": "Case planning",
        "revocable": "on",
        "consequences": "on",
        "ends_upon": "When the plan ends",
        "signer": "The patient",
        "capacity": "youth",
        "signed_on": f"{today:%m/%d/%Y}",
        "evidence": "Folder 12",
        **changes,
    }


def paper_id() -> UUID:
    with acting_because(WHY):
        return Part2Consent.objects.unrestricted(because=WHY).get().pk


def test_a_program_records_prints_and_revokes_a_patients_consent(world: World) -> None:
    now = datetime.now(UTC)
    case_file = case_with(world, Role.SUBSTANCE_USE, now=now)
    record_in(world, case_file, "r10", Role.SUBSTANCE_USE, now)
    base = f"/cases/{case_file.pk}"
    client, lead = client_of(world, Role.SUBSTANCE_USE), client_of(world, Role.CHILD_WELFARE)
    page = words(client.get(f"{base}/sharing"))
    assert "Who may see the records you keep" in page
    assert "Substance-use consent (42 CFR Part 2)" in page
    assert "Agencies in this case" not in page
    short = client.post(f"{base}/papers/new/P2", consent(world, program="", revocable=""))
    assert short.status_code == 200
    said = words(short)
    assert "2.31(a)(2)" in said
    assert "2.31(a)(6)" in said
    assert 'value="Case planning"' in short.content.decode(), "nothing typed is lost"
    assert "MARKER" not in words(lead.get(f"{base}/timeline"))
    assert client.post(f"{base}/papers/new/P2", consent(world)).status_code == 302
    assert "MARKER" in words(lead.get(f"{base}/timeline"))
    paper = f"{base}/papers/{paper_id()}"
    assert "In force" in words(client.get(paper))
    printed = client.get(f"{paper}/paper.pdf")
    assert printed["Content-Type"] == "application/pdf"
    assert pdf_is_tagged(printed.content)
    text = pdf_text(printed.content)
    for there in (
        "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
        "42 CFR 2.32",
        "Attendance only",
        "Harbor program",
        "Case planning",
        "When the plan ends",
        "Printed by",
    ):
        assert there in text
    assert "Marker" not in text, "the paper names the file, not the child"
    assert client.post(paper, {"why": ""}).status_code == 200
    assert "MARKER" in words(lead.get(f"{base}/timeline"))
    assert client.post(paper, {"why": "The patient wrote"}).status_code == 302
    assert "MARKER" not in words(lead.get(f"{base}/timeline")), "on the very next request"
    assert lead.get(paper).status_code == 404
    assert "Revoked" in words(client.get(paper))


def test_each_form_opens_for_its_keeper_and_is_absent_for_others(world: World) -> None:
    now = datetime.now(UTC)
    case_file = case_with(world, Role.PUBLIC_HEALTH, Role.EDUCATION, Role.MENTAL_HEALTH, now=now)
    base = f"/cases/{case_file.pk}/papers/new"
    for role, kinds in (
        (Role.PUBLIC_HEALTH, {"ROI", "youth", "CASA", "CO", "own-client", "NMD"}),
        (Role.EDUCATION, {"ROI", "CASA", "CO"}),
        (Role.MENTAL_HEALTH, {"ROI", "CFT", "CO", "NMD"}),
        (Role.CHILD_WELFARE, {"CASA", "need", "827", "youth", "CO"}),
    ):
        client = client_of(world, role)
        for kind in kinds:
            assert client.get(f"{base}/{kind}").status_code == 200, (role, kind)
        assert client.get(f"{base}/P2").status_code == 404
        assert client.get(f"{base}/seal").status_code == 404, "nothing hints that a record may be sealed"
    assert client_of(world, Role.PROBATION).get(f"{base}/seal").status_code == 200
    for role in (Role.CASA, Role.JUVENILE_COURT, Role.STEERING_COMMITTEE):
        assert client_of(world, role).get(f"{base}/ROI").status_code in {403, 404}


def test_a_need_waits_for_a_supervisor_on_the_page(world: World) -> None:
    now = datetime.now(UTC)
    case_file = case_with(world, Role.ADVOCATE, now=now)
    event = record_in(world, case_file, "r19", Role.CHILD_WELFARE, now)
    base = f"/cases/{case_file.pk}"
    worker = client_of(world, Role.CHILD_WELFARE)
    driver = world.person(Role.ADVOCATE)
    form = {
        "category": "r19",
        "agency": str(world.agencies["ADV"].pk),
        "person": driver.email,
        "task": "transport",
        "purpose": "Drives the child on Friday",
        "until": f"{now + timedelta(days=5):%m/%d/%Y}",
        "evidence": "Call log 9",
    }
    wrong = worker.post(f"{base}/papers/new/need", form | {"person": "nobody@adv.example"})
    assert "Nobody at this agency has this work e-mail" in words(wrong)
    assert worker.post(f"{base}/papers/new/need", form).status_code == 302
    with acting_because(WHY):
        need = NeedToKnow.objects.unrestricted(because=WHY).get()
    assert need.person_id == driver.pk
    page = words(worker.get(f"{base}/papers/{need.pk}"))
    assert "Waiting for a supervisor" in page
    assert "Agree to this need" not in page
    assert worker.post(f"{base}/papers/{need.pk}/agree").status_code == 403
    supervisor = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    assert "Agree to this need" in words(supervisor.get(f"{base}/papers/{need.pk}"))
    advocate = client_of(world, Role.ADVOCATE)
    assert "MARKER" not in words(advocate.get(f"{base}/timeline"))
    assert supervisor.post(f"{base}/papers/{need.pk}/agree").status_code == 302
    assert event.note in words(advocate.get(f"{base}/timeline"))


def shares_until(case_file: CaseFile, world: World, now: datetime) -> UUID:
    """A team of two, Child Welfare and Mental Health, whose report is 40 days old."""
    from uuid import uuid4

    meeting = uuid4()
    recorder = world.person(Role.CHILD_WELFARE, Duty.HOTLINE)
    with acting_because(WHY):
        sections = file_extend(
            case_file=case_file,
            recorded_by=recorder.pk,
            now=now,
            sections=[SectionKey("r24", meeting=meeting), SectionKey("r25")],
        )
        for role in ("CW", "MH"):
            SeatFact(
                section=sections[SectionKey("r01")],
                case_file=case_file,
                agency=world.agencies[role],
                meeting=meeting,
                since=now - timedelta(days=41),
            ).save()
        CaseEvent(
            section=sections[SectionKey("r25")],
            case_file=case_file,
            kind="note",
            occurred_at=now,
            recorded_at=now,
            recorded_by=recorder,
            agency=world.agencies["CW"],
            note="SAFETYMARKER",
        ).save()
        sharing_settle(case_file=case_file, now=now)
    return meeting


def test_a_team_of_two_shares_thirty_days_and_longer_only_with_good_cause_in_writing(world: World) -> None:
    now = datetime.now(UTC)
    case_file = referral_make(world, ago=timedelta(days=40), now=now).case_file
    meeting = shares_until(case_file, world, now)
    lead, member = client_of(world, Role.CHILD_WELFARE), client_of(world, Role.MENTAL_HEALTH)
    base = f"/cases/{case_file.pk}"
    assert "SAFETYMARKER" not in words(lead.get(f"{base}/timeline"))
    page = words(lead.get(f"{base}/sharing"))
    assert "WIC 18961.7" in page
    assert "shared until" in page
    path = f"{base}/teams/{meeting}/good-cause"
    assert client_of(world, Role.PROBATION).get(path).status_code == 404
    last = now + timedelta(days=20)
    assert "good cause" in words(lead.post(path, {"reason": " ", "until": f"{last:%m/%d/%Y}"})).lower()
    too_far = now + timedelta(days=200)
    assert "next 90 days" in words(
        lead.post(path, {"reason": "Two more witnesses", "until": f"{too_far:%m/%d/%Y}"})
    )
    given = {"reason": "Two more witnesses", "until": f"{last:%m/%d/%Y}"}
    assert lead.post(path, given).status_code == 302
    assert "SAFETYMARKER" in words(lead.get(f"{base}/timeline"))
    assert "SAFETYMARKER" in words(member.get(f"{base}/timeline"))
    assert "may share until" in words(lead.get(f"{base}/sharing"))


def test_a_team_that_will_fall_to_two_is_named_by_who_sits_now_with_the_end_of_its_sharing(
    world: World,
) -> None:
    now = datetime.now(UTC)
    day = timedelta(days=1)
    case_file = referral_make(world, ago=40 * day, now=now).case_file
    meeting = shares_until(case_file, world, now)
    lead, base = client_of(world, Role.CHILD_WELFARE), f"/cases/{case_file.pk}"
    others = {
        Role.PROBATION: (now - day, now + day),
        Role.EDUCATION: (now - 2 * day, now - day),
        Role.PUBLIC_HEALTH: (now + day, None),
    }
    with acting_because(WHY):
        identity = FileSection.objects.unrestricted(because=WHY).get(
            case_file=case_file, category="r01", custodian=None
        )
        for role, (since, until) in others.items():
            SeatFact(
                section=identity, case_file=case_file, agency=world.agencies[role],
                meeting=meeting, since=since, until=until,
            ).save()  # fmt: skip
        sharing_settle(case_file=case_file, now=now)
    team = words(lead.get(f"{base}/sharing")).split("Team of")[1].split("Open now")[0]
    assert {role for role in others if role.label in team} == {Role.PROBATION}
    assert "WIC 830, 18951, may share until" in team
    assert "SAFETYMARKER" in words(lead.get(f"{base}/timeline"))
    with acting_because(WHY):
        ends = SectionGroupGrant.objects.filter(
            content_object__case_file=case_file, content_object__category="r25", basis="MDT"
        ).values_list("ends_at", flat=True)
        assert set(ends) == {now + day}


def inspectors(world: World, now: datetime) -> tuple[CaseFile, Client]:
    """Advocates who may inspect the dependency file and nothing more of it (WIC 827(a)(1)(K))."""
    case_file = case_with(world, Role.ADVOCATE, now=now)
    record_in(world, case_file, "r15", Role.CHILD_WELFARE, now)
    with acting_because(WHY):
        section = file_extend(case_file=case_file, recorded_by=world.person(Role.CHILD_WELFARE).pk, now=now)[
            SectionKey("r15")
        ]
        paper_on_file(
            "827K",
            section=section,
            case_file=case_file,
            agency=world.agencies["ADV"],
            category="r15",
            since=now,
            evidence="Team list",
            recorded_at=now,
            recorded_by=world.person(Role.CHILD_WELFARE),
        )
        sharing_settle(case_file=case_file, now=now)
    return case_file, client_of(world, Role.ADVOCATE)


def test_who_may_only_inspect_reads_the_page_and_gets_no_print_no_download_and_no_button(
    world: World,
) -> None:
    now = datetime.now(UTC)
    case_file, inspector = inspectors(world, now)
    base = f"/cases/{case_file.pk}"
    page = inspector.get(f"{base}/timeline")
    assert "MARKER" in words(page)
    assert "you may not copy, print or export them (WIC 827(a)(5))" in words(page)
    assert 'class="look-only"' in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    told = inspector.get(f"/api/cases/{case_file.pk}/events")
    assert told.status_code == 200
    assert "MARKER" not in told.content.decode()
    with acting_because(WHY):
        from referrals.models import CourtFileStanding

        paper = CourtFileStanding.objects.unrestricted(because=WHY).get()
    shown = inspector.get(f"{base}/papers/{paper.pk}")
    assert shown.status_code == 200
    assert "Print it" not in words(shown)
    refused = inspector.get(f"{base}/papers/{paper.pk}/paper.pdf")
    assert refused.status_code == 403
    assert "827(a)(5)" in words(refused)
    lead = client_of(world, Role.CHILD_WELFARE)
    assert "look-only" not in lead.get(f"{base}/timeline").content.decode()
    assert "MARKER" in lead.get(f"/api/cases/{case_file.pk}/events").content.decode()
    assert lead.get(f"{base}/papers/{paper.pk}/paper.pdf").status_code == 200


def test_a_referral_seen_on_a_look_only_ground_leaves_in_no_copy(world: World) -> None:
    referral = referral_make(world, narrative="STORYMARKER")
    with acting_because(WHY):
        group = world.agencies["PO"].group
        SectionGroupGrant.objects.filter(group=group, category="r03").update(basis="827K")
    probation = client_of(world, Role.PROBATION)
    assert "STORYMARKER" in words(probation.get(f"/referrals/{referral.pk}"))
    assert probation.get(f"/api/referrals/{referral.pk}").status_code == 403
    assert "STORYMARKER" not in probation.get("/api/referrals").content.decode()
    report = f"/cases/{referral.case_file_id}/referrals/{referral.pk}/written-report.pdf"
    answers = {probation.get(report).status_code}
    assert answers <= {403, 404}
