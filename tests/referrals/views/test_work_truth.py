"""What the pages of duties and case files claim is so: no clock moves by itself, nobody comes back, nothing unknown is denied."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.choices import Duty, Role
from agencies.services.staff import agency_open
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import RuleBroken
from referrals.choices import Holder, PartyKind, Tier
from referrals.models import CaseEvent, CaseParty, Deadline, Referral
from referrals.selectors.duty import access_duty, duty_list
from referrals.services.duty import Evidence, duty_drop, duty_satisfy
from referrals.services.entry import entry_correct, note_record
from referrals.services.party import party_join
from referrals.services.referral import ChildSaid
from referrals.services.response import response_decide
from tests.pages import client_of, words
from tests.referrals.views.test_work_pages import LA, duty_of, told
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"


@pytest.fixture
def world() -> World:
    return county_make()


def typed(name: str, at: datetime) -> dict[str, str]:
    """A moment as a form shows it: to the minute."""
    local = at.astimezone(LA)
    return {
        f"{name}_day": local.date().isoformat(),
        f"{name}_time": local.strftime("%I:%M %p"),
        f"{name}_twice": "second" if local.fold else "first",
    }


def entries(kind: str) -> list[CaseEvent]:
    with acting_because(WHY):
        return list(CaseEvent.objects.unrestricted(because=WHY).filter(kind=kind))


def late_in_a_minute(world: World) -> tuple[Referral, datetime]:
    """A referral received 40 seconds into a minute, half an hour ago."""
    now = datetime.now(UTC)
    start = (now - timedelta(minutes=30)).replace(second=40, microsecond=0)
    return referral_make(world, ago=now - start, now=now), start


def test_correcting_the_words_of_an_entry_moves_no_clock(world: World) -> None:
    referral, start = late_in_a_minute(world)
    before = duty_of("response-2h", "ADV").due_at
    (received,) = entries("referral_received")
    path = f"/cases/{referral.case_file_id}/entries/{received.pk}"
    unchanged = typed("occurred_at", start) | typed("received_at", start) | {"reason": "Wrong child named."}
    assert client_of(world, Role.CHILD_WELFARE).post(path, unchanged).status_code == 302
    assert duty_of("response-2h", "ADV").due_at == before
    (_, corrected) = sorted(entries("referral_received"), key=lambda entry: entry.recorded_at)
    moved = typed("occurred_at", start) | typed("received_at", start - timedelta(minutes=5))
    path = f"/cases/{referral.case_file_id}/entries/{corrected.pk}"
    client_of(world, Role.CHILD_WELFARE).post(path, moved | {"reason": "Called earlier."})
    assert duty_of("response-2h", "ADV").due_at < before


def test_evidence_of_the_first_minute_still_counts_after_its_words_are_corrected(world: World) -> None:
    referral, start = late_in_a_minute(world)
    client = client_of(world, Role.ADVOCATE)
    client.post(f"/duties/{duty_of('response-2h', 'ADV').pk}", typed("occurred_at", start) | {"note": ""})
    (arrived,) = entries("responder_arrived")
    path = f"/cases/{referral.case_file_id}/entries/{arrived.pk}"
    client.post(path, typed("occurred_at", arrived.occurred_at) | {"reason": "Spelling."})
    assert len(entries("responder_arrived")) == 2
    assert duty_of("response-2h", "ADV").met_at is not None


def test_an_agency_whose_part_was_ended_does_not_come_back_by_itself(world: World) -> None:
    referral = referral_make(world, ago=timedelta(minutes=30))
    lead = world.viewer(Role.CHILD_WELFARE)
    now = datetime.now(UTC)
    with viewing_as(lead):
        response_decide(
            viewer=lead, referral=referral, tier=Tier.INITIAL, jurisdiction=Holder.CHILD_WELFARE, now=now
        )
    with acting_because(WHY):
        part = CaseParty.objects.unrestricted(because=WHY).get(agency=world.agencies["ADV"], until=None)
    page, advocate = f"/cases/{referral.case_file_id}", client_of(world, Role.ADVOCATE)
    assert advocate.get(page).status_code == 200
    client_of(world, Role.CHILD_WELFARE).post(f"{page}/parties/{part.pk}/end")
    assert advocate.get(page).status_code == 404
    with viewing_as(lead):
        note_record(viewer=lead, case_file=referral.case_file, occurred_at=now, note="A call.", now=now)
    assert advocate.get(page).status_code == 404


def test_a_duty_stays_with_its_agency_when_another_of_the_same_role_joins(world: World) -> None:
    referral = referral_make(world, ago=timedelta(minutes=30))
    first = agency_open(county=world.county, role=Role.ADVOCATE, name="Aardvark House", short_name="Aardvark")
    lead, now = world.viewer(Role.CHILD_WELFARE), datetime.now(UTC)
    with viewing_as(lead):
        party_join(
            viewer=lead,
            case_file=referral.case_file,
            agency=first.pk,
            kind=PartyKind.RETAINER,
            evidence="x",
            now=now,
        )
        note_record(viewer=lead, case_file=referral.case_file, occurred_at=now, note="A call.", now=now)
    assert duty_of("response-2h", "ADV").owed_by == world.agencies["ADV"]


def test_a_decision_taken_back_no_longer_says_whose_child_it_is(world: World) -> None:
    referral = referral_make(world, ago=timedelta(minutes=30))
    lead = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(lead):
        decision = response_decide(
            viewer=lead,
            referral=referral,
            tier=Tier.CRISIS,
            jurisdiction=Holder.PROBATION,
            now=datetime.now(UTC),
        )
    page, client = f"/cases/{referral.case_file_id}", client_of(world, Role.CHILD_WELFARE)
    assert "Jurisdiction Probation" in words(client.get(page))
    with viewing_as(lead):
        entry_correct(
            viewer=lead, entry=decision, reason="Another child.", now=datetime.now(UTC), withdraw=True
        )
    assert "Jurisdiction Probation" not in words(client.get(page))


@pytest.mark.parametrize("role", [Role.ADVOCATE, Role.PUBLIC_HEALTH, Role.PROBATION])
def test_nobody_is_told_that_a_missing_child_is_not_missing(world: World, role: Role) -> None:
    referral = referral_make(world)
    page, lead = f"/cases/{referral.case_file_id}", client_of(world, Role.CHILD_WELFARE)
    denial = "the child is not recorded as missing"
    before = words(client_of(world, role).get(f"{page}/reports"))
    at = {name.replace("occurred_at", "told_at"): value for name, value in told().items()}
    lead.post(f"{page}/missing", at | {"indian_child": "not_known"})
    after = words(client_of(world, role).get(f"{page}/reports"))
    assert denial not in after
    if role == Role.PROBATION:
        assert denial in before and "recorded as missing, and another agency reports it" in after
    else:
        assert "missing" not in before.lower() + after.lower(), "r20 is theirs in summary at most"


def test_a_form_sent_twice_makes_one_entry(world: World) -> None:
    referral_make(world, ago=timedelta(minutes=30))
    advocate, now = world.viewer(Role.ADVOCATE), datetime.now(UTC)
    duty = duty_of("response-2h", "ADV").pk
    with viewing_as(advocate):
        first, second = (access_duty(viewer=advocate, duty_id=duty, now=now) for _ in range(2))
        duty_satisfy(viewer=advocate, deadline=first, evidence=Evidence(occurred_at=now), now=now)
        with pytest.raises(RuleBroken, match="closed already"):
            duty_satisfy(viewer=advocate, deadline=second, evidence=Evidence(occurred_at=now), now=now)
    boss = world.viewer(Role.ADVOCATE, Duty.SUPERVISOR)
    with viewing_as(boss), pytest.raises(RuleBroken, match="closed already"):
        duty_drop(viewer=boss, deadline=second, reason="Late.", now=now)
    assert len(entries("responder_arrived")) == 1


def test_every_open_duty_stands_on_one_of_the_pages_once_soonest_first(world: World) -> None:
    boss = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    referral_make(world)
    said = "more follow on the next page"
    assert said not in words(boss.get("/duties/?team=1"))
    for _ in range(10):
        referral_make(world, ago=timedelta(hours=1))
    with acting_because(WHY):
        rows = Deadline.objects.unrestricted(because=WHY).filter(owed_by=world.agencies["CW"])
        owed = [str(pk) for pk in rows.order_by("due_at", "pk").values_list("pk", flat=True)]
    assert len(owed) > 50
    first = boss.get("/duties/?team=1")
    assert said in words(first)
    viewer, shown, after = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR), [], ""
    with viewing_as(viewer):
        for _ in range(len(owed)):
            page = duty_list(viewer=viewer, now=datetime.now(UTC), after=after, limit=7)
            shown += [str(row.deadline.pk) for row in page.rows]
            if page.after is None:
                break
            after = page.after
    assert shown == owed
    link = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert link is not None
    second = boss.get("/duties/" + link[1].replace("&amp;", "&"))
    assert owed[50] in second.content.decode() and owed[0] not in second.content.decode()
    assert boss.get("/duties/?after=nonsense").status_code == 404


def test_the_case_list_says_the_age_and_what_my_own_agency_owes_next(world: World) -> None:
    child = ChildSaid(given_name="Jay", family_name="Marker", born_on=date(datetime.now(LA).year - 15, 1, 1))
    referral_make(world, child=child)
    lead = words(client_of(world, Role.CHILD_WELFARE).get("/cases/"))
    assert "J. M., 15" in lead and "Next for your agency: " in lead
    advocate = words(client_of(world, Role.ADVOCATE).get("/cases/"))
    assert "Next for your agency: Be with the child" in advocate and "J. M." not in advocate


def test_the_case_list_and_a_duty_cost_the_same_for_one_case_and_for_many(world: World) -> None:
    client = client_of(world, Role.CHILD_WELFARE)
    counts: list[list[int]] = []
    for more in (1, 6):
        for _ in range(more):
            referral_make(world, ago=timedelta(hours=1))
        with acting_because(WHY):
            duty = Deadline.objects.unrestricted(because=WHY).filter(rule="cross-report-now").first()
        assert duty is not None
        counts.append([])
        for path in ("/cases/", f"/duties/{duty.pk}"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts[-1].append(len(queries))
    assert counts[0] == counts[1]


def test_a_missing_child_has_a_strip_of_its_own_beside_the_referrals(world: World) -> None:
    referral = referral_make(world, ago=timedelta(hours=1))
    page, client = f"/cases/{referral.case_file_id}", client_of(world, Role.CHILD_WELFARE)
    assert client.get(page).content.decode().count('class="twin"') == 1
    at = {name.replace("occurred_at", "told_at"): value for name, value in told().items()}
    client.post(f"{page}/missing", at | {"indian_child": "not_known"})
    shown = client.get(page).content.decode()
    assert shown.count('class="twin"') == 2
    assert "Missing: NCMEC" in shown and "With the child" in shown


def test_a_duty_lists_its_attempts_with_the_way_to_add_a_number(world: World) -> None:
    referral = referral_make(world)
    client = client_of(world, Role.CHILD_WELFARE)
    at = {name.replace("occurred_at", "told_at"): value for name, value in told().items()}
    client.post(f"/cases/{referral.case_file_id}/missing", at | {"indian_child": "not_known"})
    path = f"/duties/{duty_of('missing-ncmec-24h', 'CW').pk}"
    given = told(1) | {
        "mode": "telephone",
        "outcome": "answered",
        "spoke_to": "Desk",
        "reference": "",
        "note": "",
    }
    assert "the clock runs on" in words(client.post(path, given, follow=True))
    shown = words(client.get(path))
    assert "Recorded so far" in shown and "Correct this entry" in shown
    (call,) = entries("missing_reported")
    fix = typed("occurred_at", call.occurred_at) | {"reference": "NC-1", "reason": "The number came later."}
    client.post(f"/cases/{referral.case_file_id}/entries/{call.pk}", fix)
    assert duty_of("missing-ncmec-24h", "CW").met_at == call.occurred_at
    assert "Recorded so far" not in words(client.get(f"/duties/{duty_of('missing-le-24h', 'CW').pk}"))


def test_what_was_typed_about_a_missing_child_is_given_back(world: World) -> None:
    referral = referral_make(world)
    client = client_of(world, Role.CHILD_WELFARE)
    path = f"/cases/{referral.case_file_id}/missing"
    client.post("/drafts/missing-child", {"about": str(referral.case_file_id), "description": "MARKERCOAT"})
    assert "MARKERCOAT" in client.get(path).content.decode()
    other = referral_make(world)
    assert "MARKERCOAT" not in client.get(f"/cases/{other.case_file_id}/missing").content.decode()
    at = {name.replace("occurred_at", "told_at"): value for name, value in told().items()}
    client.post(path, at | {"indian_child": "not_known"})
    located = {name.replace("occurred_at", "located_at"): value for name, value in told(0).items()}
    client.post(f"/cases/{referral.case_file_id}/located", located | {"note": ""})
    assert "MARKERCOAT" not in client.get(path).content.decode()


def test_only_those_who_keep_the_status_are_asked_whether_the_child_was_identified(world: World) -> None:
    referral = referral_make(world)
    path = f"/cases/{referral.case_file_id}/record"
    question = "The child was identified as a victim"
    assert question in words(client_of(world, Role.CHILD_WELFARE).get(path))
    assert question not in words(client_of(world, Role.ADVOCATE).get(path))
    refused = client_of(world, Role.ADVOCATE).post(
        path, told() | {"kind": "identified", "note": "MARKERNOTE"}
    )
    assert refused.status_code == 200 and "MARKERNOTE" in refused.content.decode()


def test_red_is_for_what_the_law_limits(world: World) -> None:
    referral_make(world, ago=timedelta(hours=3))
    by_target = client_of(world, Role.ADVOCATE).get("/duties/").content.decode()
    assert "past the county" in words(client_of(world, Role.ADVOCATE).get("/duties/"))
    assert "duties--late" not in by_target and "k-red" not in by_target
    with acting_because(WHY):
        call = CaseEvent.objects.unrestricted(because=WHY).get(kind="referral_received")
    lead = client_of(world, Role.CHILD_WELFARE)
    two_days = typed("occurred_at", call.occurred_at - timedelta(days=2))
    two_days |= typed("received_at", call.occurred_at - timedelta(days=2))
    lead.post(f"/cases/{call.case_file_id}/entries/{call.pk}", two_days | {"reason": "Called on Thursday."})
    told_by_phone = typed("occurred_at", datetime.now(UTC) - timedelta(hours=1)) | {
        "mode": "telephone", "outcome": "answered", "recipient": str(world.agencies["LE"].pk), "spoke_to": "", "note": "",
    }  # fmt: skip
    lead.post(f"/duties/{duty_of('cross-report-now', 'CW', 'le').pk}", told_by_phone)
    assert "duties--late" in lead.get("/duties/").content.decode(), "the written report is late by law"


def test_no_agency_and_no_paper_is_chosen_beforehand(world: World) -> None:
    referral = referral_make(world)
    page = client_of(world, Role.CHILD_WELFARE).get(f"/cases/{referral.case_file_id}/sharing")
    first = re.findall(
        r"<select name=\"(\w+)\".*?<option value=\"([^\"]*)\"", page.content.decode(), re.DOTALL
    )
    assert dict(first) == dict.fromkeys(("agency", "kind"), "")
