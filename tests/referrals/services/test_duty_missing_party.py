"""Duties are done by evidence, missing children are reported twice, papers open one category to one agency."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import NotAllowed, RuleBroken
from referrals.choices import PartyKind
from referrals.deadlines import rules
from referrals.models import CaseEvent, CaseParty, Deadline, MissingEpisode, Referral
from referrals.services.duty import Evidence, duty_drop, duty_satisfy, duty_take
from referrals.services.entry import child_identify, entry_correct, note_record
from referrals.services.missing import MissingSaid, child_locate, missing_record
from referrals.services.party import party_end, party_join
from tests.worlds import county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
NOW = datetime.now(UTC)


def duty(case_file, rule, role="CW", owed_to=None):
    with acting_because(WHY):
        rows = Deadline.objects.unrestricted(because=WHY).select_related(
            "case_file", "case_file__county", "owed_by"
        )
        rows = rows.filter(case_file=case_file, rule=rule, owed_by__role=role)
        return rows.get(owed_to=owed_to) if owed_to else rows.get()


@pytest.mark.parametrize("mode", ["telephone", "fax", "electronic"])
def test_a_cross_report_in_each_allowed_mode_stops_the_clock_and_its_agency_joins(mode):
    world, now = (county_make(), NOW)
    case_file = referral_make(world, now=now).case_file
    viewer, told = world.viewer(Role.CHILD_WELFARE), world.agencies["DA"]
    row = duty(case_file, rules.CROSS_REPORT, owed_to="da")
    da = world.viewer(Role.DISTRICT_ATTORNEY)
    with viewing_as(da):
        assert not Referral.objects.visible_to(da).exists()
    with viewing_as(viewer):
        done = duty_satisfy(
            viewer=viewer,
            deadline=row,
            evidence=Evidence(occurred_at=now, mode=mode, spoke_to="Deputy", recipient=told.pk),
            now=now,
        )
        assert done.stopped
    with viewing_as(da):
        assert Referral.objects.visible_to(da).exists()
    with acting_because(WHY):
        written = Deadline.objects.unrestricted(because=WHY).filter(
            case_file=case_file, rule=rules.WRITTEN_REPORT
        )
        assert written.exists() is (mode == "telephone")


def test_a_voicemail_is_kept_but_stops_nothing_and_opens_nothing():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now).case_file
    viewer = world.viewer(Role.CHILD_WELFARE)
    row = duty(case_file, rules.CROSS_REPORT, owed_to="le")
    with viewing_as(viewer):
        tried = duty_satisfy(
            viewer=viewer,
            deadline=row,
            evidence=Evidence(now, mode="telephone", outcome="voicemail", recipient=world.agencies["LE"].pk),
            now=now,
        )
        assert not tried.stopped
        assert CaseEvent.objects.visible_to(viewer).filter(pk=tried.event.pk).exists()
        assert not CaseParty.objects.visible_to(viewer).filter(agency=world.agencies["LE"]).exists()


def test_a_written_report_by_telephone_is_refused_and_by_fax_counts():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now).case_file
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        call = Evidence(now, mode="telephone", recipient=world.agencies["LE"].pk)
        duty_satisfy(
            viewer=viewer, deadline=duty(case_file, rules.CROSS_REPORT, owed_to="le"), evidence=call, now=now
        )
        row = duty(case_file, rules.WRITTEN_REPORT, owed_to="le")
        with pytest.raises(RuleBroken, match="electronic, fax"):
            duty_satisfy(viewer=viewer, deadline=row, evidence=Evidence(now, mode="telephone"), now=now)
        assert duty_satisfy(viewer=viewer, deadline=row, evidence=Evidence(now, mode="fax"), now=now).stopped


def test_each_responder_shows_its_own_arrival_and_nobody_elses():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now).case_file
    advocate, worker = world.viewer(Role.ADVOCATE), world.viewer(Role.CHILD_WELFARE)
    row = duty(case_file, rules.RESPONSE, "ADV")
    with viewing_as(worker), pytest.raises(NotAllowed, match="CSEC Advocates"):
        duty_satisfy(viewer=worker, deadline=row, evidence=Evidence(now), now=now)
    with viewing_as(advocate):
        assert duty_satisfy(viewer=advocate, deadline=row, evidence=Evidence(now), now=now).stopped


def test_public_health_records_the_medical_evaluation():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now).case_file
    nurse = world.viewer(Role.PUBLIC_HEALTH)
    with viewing_as(nurse):
        row = duty(case_file, rules.MEDICAL, "PH")
        done = duty_satisfy(viewer=nurse, deadline=row, evidence=Evidence(now, note="Seen"), now=now)
    assert (done.stopped, done.event.section.category) == (True, "r11")


def test_an_act_before_the_clock_started_is_refused_except_within_its_minute():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now).case_file
    viewer = world.viewer(Role.CHILD_WELFARE)
    row = duty(case_file, rules.RESPONSE)
    with viewing_as(viewer):
        with pytest.raises(RuleBroken, match="before the clock"):
            duty_satisfy(
                viewer=viewer, deadline=row, evidence=Evidence(row.started_at - timedelta(minutes=2)), now=now
            )
        early = Evidence(row.started_at - timedelta(seconds=30))
        assert duty_satisfy(viewer=viewer, deadline=row, evidence=early, now=now).stopped


def test_only_the_owing_agencys_supervisor_drops_a_duty_and_says_why():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now).case_file
    row = duty(case_file, rules.SUPPORT)
    for viewer in (world.viewer(Role.CHILD_WELFARE), world.viewer(Role.PROBATION, Duty.SUPERVISOR)):
        with viewing_as(viewer), pytest.raises(NotAllowed, match="supervisor"):
            duty_drop(viewer=viewer, deadline=row, reason="Moved away", now=now)
    boss = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with viewing_as(boss):
        with pytest.raises(RuleBroken, match="Say why"):
            duty_drop(viewer=boss, deadline=row, reason="  ", now=now)
        duty_drop(viewer=boss, deadline=row, reason="Moved away", now=now)
    row = duty(case_file, rules.SUPPORT)
    assert (row.is_open, row.drop_reason) == (False, "Moved away")


def test_a_duty_is_taken_by_its_agency_and_taken_over_only_on_purpose():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now).case_file
    row = duty(case_file, rules.RESPONSE)
    first, second = world.viewer(Role.CHILD_WELFARE), world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    other = world.viewer(Role.ADVOCATE)
    with viewing_as(other), pytest.raises(NotAllowed):
        duty_take(viewer=other, deadline=row, now=now)
    with viewing_as(first):
        assert duty_take(viewer=first, deadline=row, now=now).owner_id == first.person
    with viewing_as(second):
        with pytest.raises(RuleBroken, match="take it over"):
            duty_take(viewer=second, deadline=row, now=now)
        assert duty_take(viewer=second, deadline=row, now=now, take_over=True).owner_id == second.person


def test_a_missing_child_starts_two_clocks_and_each_needs_its_own_number():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now).case_file
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        missing_record(viewer=viewer, case_file=case_file, said=MissingSaid(told_at=now), now=now)
        with pytest.raises(RuleBroken, match="already"):
            missing_record(viewer=viewer, case_file=case_file, said=MissingSaid(told_at=now), now=now)
        police, center = duty(case_file, rules.MISSING_TO_LE), duty(case_file, rules.MISSING_TO_NCMEC)
        said = Evidence(now, mode="telephone", outcome="answered")
        tried = duty_satisfy(viewer=viewer, deadline=police, evidence=said, now=now)
        assert not tried.stopped
        entry_correct(
            viewer=viewer, entry=tried.event, reason="The number came", facts={"reference": "MP-1"}, now=now
        )
        assert duty(case_file, rules.MISSING_TO_LE).met_at == tried.event.occurred_at
        assert duty(case_file, rules.MISSING_TO_NCMEC).is_open
        child_locate(viewer=viewer, case_file=case_file, located_at=now, place="At home", now=now)
        assert duty(case_file, rules.MISSING_TO_NCMEC).is_open, "being found undoes no report"
        assert MissingEpisode.objects.visible_to(viewer).get().located_at == now
        assert center.is_open


def test_withdrawing_takes_the_episode_and_the_clocks_back():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now).case_file
    viewer, other = world.viewer(Role.CHILD_WELFARE), world.viewer(Role.PROBATION)
    with viewing_as(viewer):
        episode = missing_record(viewer=viewer, case_file=case_file, said=MissingSaid(told_at=now), now=now)
        entry = CaseEvent.objects.visible_to(viewer).select_related("agency").get(pk=episode.began_id)
    with viewing_as(other), pytest.raises(NotAllowed, match="agency that made it"):
        entry_correct(viewer=other, entry=entry, reason="Wrong child", withdraw=True, now=now)
    with viewing_as(viewer):
        entry_correct(viewer=viewer, entry=entry, reason="Wrong child", withdraw=True, now=now)
        assert not MissingEpisode.objects.visible_to(viewer).filter(located_at=None).exists()
    assert not duty(case_file, rules.MISSING_TO_LE).is_open


def test_correcting_when_the_agency_was_told_moves_the_limit_and_withdrawn_evidence_reopens():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now, ago=timedelta(hours=3)).case_file
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        told = now - timedelta(hours=1)
        entry = child_identify(viewer=viewer, case_file=case_file, told_at=told, note="", now=now)
        with pytest.raises(RuleBroken, match="already"):
            child_identify(viewer=viewer, case_file=case_file, told_at=told, note="", now=now)
        earlier = told - timedelta(hours=1)
        entry_correct(
            viewer=viewer,
            entry=entry,
            reason="Told earlier",
            occurred_at=earlier,
            received_at=earlier,
            now=now,
        )
        row = duty(case_file, rules.VICTIM_REPORT)
        assert row.due_at == earlier + timedelta(hours=24)
        done = duty_satisfy(
            viewer=viewer, deadline=row, evidence=Evidence(now, mode="fax", reference="RP-1"), now=now
        )
        assert done.stopped
        entry_correct(viewer=viewer, entry=done.event, reason="Not sent", withdraw=True, now=now)
        assert duty(case_file, rules.VICTIM_REPORT).is_open
        note_record(viewer=viewer, case_file=case_file, occurred_at=now, note="Called back", now=now)


def test_a_party_sees_from_joining_until_leaving_and_the_lead_cannot_leave():
    world, now = county_make(), NOW
    case_file = referral_make(world, now=now).case_file
    viewer, da = world.viewer(Role.CHILD_WELFARE), world.viewer(Role.DISTRICT_ATTORNEY)
    with viewing_as(da), pytest.raises(NotAllowed):
        party_join(
            viewer=da, case_file=case_file, agency=da.agency, kind=PartyKind.NOTICE, evidence="x", now=now
        )
    with viewing_as(viewer):
        party_join(
            viewer=viewer,
            case_file=case_file,
            agency=da.agency,
            kind=PartyKind.NOTICE,
            evidence="A letter",
            now=now,
        )
        parties = CaseParty.objects.visible_to(viewer).filter(case_file=case_file)
        theirs, lead = (
            parties.get(agency=da.agency),
            parties.get(agency=viewer.agency, kind=PartyKind.ASSIGNMENT),
        )
    with viewing_as(da):
        assert Referral.objects.visible_to(da).exists()
    with viewing_as(viewer):
        with pytest.raises(RuleBroken, match="leads every case"):
            party_end(viewer=viewer, case_file=case_file, party_id=lead.pk, now=now)
        owing = parties.get(agency=world.agencies["ADV"], kind=PartyKind.RESPONDER)
        with pytest.raises(RuleBroken, match="still owes"):
            party_end(viewer=viewer, case_file=case_file, party_id=owing.pk, now=now)
        party_end(viewer=viewer, case_file=case_file, party_id=theirs.pk, now=now)
    with viewing_as(da):
        assert not Referral.objects.visible_to(da).exists()
