"""The pages of an emergency look: who one is, said again; the banner; nothing to change; the review among the duties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from agencies.choices import Duty, Role
from agencies.models import Notice
from agencies.viewers import READABLE
from cseccase.confidentiality.context import acting_because
from referrals.choices import Holder
from referrals.models import CaseFile, CaseParty, EmergencyLook
from referrals.selectors.emergency import REVIEWS_LIMIT
from tests.access.routes import every_route
from tests.pages import client_of, words
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
SAID = {"reason": "danger", "words": "The mother called: the child is on a bridge."}


@pytest.fixture
def world() -> World:
    made = county_make()
    for role in (Role.CHILD_WELFARE, Role.PROBATION):
        made.person(role, Duty.SUPERVISOR)
    return made


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return referral_make(
        world, urgent=False, holder=Holder.CHILD_WELFARE, place="Behind the station"
    ).case_file


def opened(client: Client, number: str) -> Any:
    return client.post(reverse("referrals:emergency_open"), SAID | {"number": number})


def look_of() -> EmergencyLook:
    with acting_because(WHY):
        return EmergencyLook.objects.unrestricted(because=WHY).latest("opened_at")


def test_nobody_opens_a_file_without_saying_again_who_they_are(world: World, case_file: CaseFile) -> None:
    client = client_of(world, Role.PROBATION)
    url = reverse("referrals:emergency_open")
    assert client.get(url).status_code == 200, "who signed in with both steps a moment ago has said it"
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] -= settings.STEP_UP_WITHIN.total_seconds() + 1
    session.save()
    asked = f"{reverse('agencies:confirm')}?next="
    assert client.get(url).headers["Location"].startswith(asked)
    answer = opened(client, case_file.number)
    assert answer.headers["Location"].startswith(f"{asked}%2Fsession%2Fkept%2F"), "nothing typed is lost"
    with acting_because(WHY):
        assert not EmergencyLook.objects.unrestricted(because=WHY).exists()


def test_before_the_act_a_hidden_and_an_absent_number_are_the_same_page(
    world: World, case_file: CaseFile
) -> None:
    client = client_of(world, Role.PROBATION)
    pages = []
    for number in (case_file.number, "CF-222-222"):
        answer = client.post(reverse("referrals:emergency_open"), SAID | {"number": number, "words": ""})
        pages.append(words(answer).replace(number, ""))
    assert pages[0] == pages[1]
    with acting_because(WHY):
        assert not EmergencyLook.objects.unrestricted(because=WHY).exists()


def test_an_absent_number_is_said_only_after_the_recorded_act(world: World) -> None:
    client = client_of(world, Role.PROBATION)
    answer = opened(client, "CF-222-222")
    assert "No case file has the number CF-222-222" in words(client.get(answer.headers["Location"]))
    assert look_of().number == "CF-222-222"


def test_the_banner_stands_on_every_page_with_its_way_out_until_it_is_over(
    world: World, case_file: CaseFile
) -> None:
    client = client_of(world, Role.PROBATION)
    assert "is open in an emergency" not in words(client.get("/duties/"))
    opened(client, case_file.number)
    look = look_of()
    for page in ("/duties/", f"/cases/{case_file.pk}", "/notices/", "/my-account/", "/no-such-page"):
        said = words(client.get(page))
        assert f"{case_file.number} is open in an emergency. To read only, until" in said, page
        assert "End now" in said
    answer = client.post(reverse("referrals:emergency_end", args=[look.pk]))
    assert answer.status_code == 302
    assert "is open in an emergency." not in words(client.get("/duties/"))
    assert client.get(f"/cases/{case_file.pk}").status_code == 404


def test_the_file_is_there_to_be_read_and_shows_no_act(world: World, case_file: CaseFile) -> None:
    client = client_of(world, Role.PROBATION)
    assert client.get(f"/cases/{case_file.pk}").status_code == 404
    page = words(client.get(opened(client, case_file.number).headers["Location"]))
    assert "Jay Marker" in page and "Behind the station" in page
    for name in ("case", "case_timeline", "case_reports"):
        said = client.get(reverse(f"referrals:{name}", args=[case_file.pk])).content.decode()
        for act in ("/record", "/missing", "/located", "/sharing", "/name", "/meetings", "/history"):
            assert f'"/cases/{case_file.pk}{act}"' not in said, (name, act)


def test_what_can_be_read_is_named_and_everything_else_stays_shut(world: World, case_file: CaseFile) -> None:
    client = client_of(world, Role.PROBATION)
    opened(client, case_file.number)
    about_cases = [route for route in every_route() if route.kwargs == ("case_id",)]
    assert len(about_cases) > 10
    for route in about_cases:
        path = reverse(route.name, args=[case_file.pk])
        got = client.get(path).status_code
        if route.name in READABLE:
            assert got in {200, 404}, route.name
        else:
            assert got in {403, 404, 405}, (route.name, got)


def test_every_post_about_the_file_is_refused_in_words_and_leaves_no_trace(
    world: World, case_file: CaseFile
) -> None:
    client = client_of(world, Role.PROBATION)
    opened(client, case_file.number)
    agency = str(world.agencies["PO"].pk)
    for route in every_route():
        if route.kwargs != ("case_id",) or route.name.startswith("api"):
            continue
        answer = client.post(
            reverse(route.name, args=[case_file.pk]),
            {"act": "party", "agency": agency, "kind": "jurisdiction", "evidence": "I say so", "note": "x"},
        )
        assert answer.status_code in {403, 404, 405}, (route.name, answer.status_code)
    answer = client.post(f"/cases/{case_file.pk}/sharing", {"act": "party"})
    assert answer.status_code == 403 and "can be read, not changed" in words(answer)
    with acting_because(WHY):
        assert not CaseParty.objects.unrestricted(because=WHY).filter(agency=agency).exists()


def test_the_api_opens_nothing_of_it(world: World, case_file: CaseFile) -> None:
    client = client_of(world, Role.PROBATION)
    opened(client, case_file.number)
    for route in every_route():
        if "case_id" in route.kwargs and route.pattern.startswith("api"):
            try:
                path = reverse(route.name, kwargs={"case_id": case_file.pk})
            except NoReverseMatch:
                continue
            assert client.get(path).status_code in {403, 404, 405}, route.name


def overdue(look: EmergencyLook) -> None:
    past = datetime.now(UTC) - timedelta(days=4)
    with acting_because(WHY):
        look.opened_at, look.until = past, past + timedelta(minutes=60)
        look.review_due_at = past + timedelta(days=1)
        look.save()


def test_the_review_stands_among_the_duties_and_is_overdue_like_any(
    world: World, case_file: CaseFile
) -> None:
    opened(client_of(world, Role.PROBATION), case_file.number)
    look = look_of()
    boss = client_of(world, Role.PROBATION, Duty.SUPERVISOR)
    assert "Review an emergency look" in words(boss.get("/duties/"))
    overdue(look)
    said = words(boss.get("/duties/"))
    assert "past the county’s target" in said and "1 overdue" in said
    page = boss.get(reverse("referrals:emergency", args=[look.pk]))
    assert "The review of this look is overdue" in words(page)
    bad = boss.post(reverse("referrals:emergency", args=[look.pk]), {"verdict": "justified", "words": "ok"})
    assert bad.status_code == 200 and "Write a whole sentence" in words(bad)
    done = boss.post(
        reverse("referrals:emergency", args=[look.pk]),
        {"verdict": "not_justified", "words": "There was no child on a bridge."},
        follow=True,
    )
    assert "Your review is on record" in words(done) and "Not justified" in words(done)
    assert "Review an emergency look" not in words(boss.get("/duties/"))


def test_the_notice_names_no_fact_and_leads_to_the_record(world: World, case_file: CaseFile) -> None:
    opened(client_of(world, Role.PROBATION), case_file.number)
    boss = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    said = words(boss.get("/notices/"))
    assert "A file was opened in an emergency" in said and case_file.number not in said
    with acting_because(WHY):
        notice = Notice.objects.get(
            subject=look_of().pk, recipient=world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
        )
    page = boss.post(reverse("agencies:notice_open", args=[notice.pk]), follow=True)
    assert "The mother called" in words(page)


def test_who_looked_names_the_emergency_as_the_ground(world: World, case_file: CaseFile) -> None:
    client = client_of(world, Role.PROBATION)
    opened(client, case_file.number)
    assert client.get(f"/cases/{case_file.pk}").status_code == 200
    boss = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    said = words(boss.get(reverse("reporting:looked_case", args=[case_file.pk])))
    assert "opened a file in an emergency" in said.lower()
    assert "emergency look: one hour, to read, on record and reviewed" in said.lower()


def test_workers_have_no_review_among_their_duties(world: World, case_file: CaseFile) -> None:
    client = client_of(world, Role.PROBATION)
    opened(client, case_file.number)
    assert "Review an emergency look" not in words(client.get("/duties/"))


def test_the_list_is_paged_and_its_queries_do_not_grow(
    world: World, case_file: CaseFile, django_assert_max_num_queries: Any
) -> None:
    opened(client_of(world, Role.PROBATION), case_file.number)
    first = look_of()
    with acting_because(WHY):
        assert first.words and not first.review_words, "sealed words are opened before the row is copied"
        for count in range(REVIEWS_LIMIT):
            first.pk = None
            first._state.adding = True
            first.id = EmergencyLook._meta.pk.get_default()
            first.number = f"CF-2{count:02d}-222"
            first.save()
    boss = client_of(world, Role.PROBATION, Duty.SUPERVISOR)
    with django_assert_max_num_queries(40):
        page = boss.get(reverse("referrals:emergencies"))
    assert page.content.decode().count("/emergency/") < 40 and "Older" in words(page)
    with django_assert_max_num_queries(60):
        boss.get("/duties/")
    assert boss.get("/emergency/?page=3").status_code == 200
    assert boss.get("/emergency/?page=zwei").status_code == 200
