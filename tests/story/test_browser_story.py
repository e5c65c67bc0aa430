"""The main job in a real browser, with a real worker: from a call at night to what each agency may know.

The pictures in the README are taken here, so that they cannot go stale (`STORY_PICTURES=1`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page

from agencies.choices import Duty, Role
from agencies.models import Agency
from cseccase.confidentiality.context import acting_because
from referrals.models import Deadline, Referral
from reporting.periods import periods_offered
from tests.mdt.meetings import meeting_make
from tests.pages import client_of
from tests.reporting.seeds import referrals_seed
from tests.workers import broker_flush, eventually, worker_running
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db(transaction=True)
LA = ZoneInfo("America/Los_Angeles")
PICTURES = Path("docs/images")
WHY = "test"
NAME, STORY, CALLER, PLACE = "Zyxname Markerchild", "MARKERSTORY", "MARKERCALLER", "MARKERPLACE"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Seat:
    """One person at a browser of their own."""

    def __init__(
        self,
        browser: Browser,
        live: Any,
        world: World,
        role: Role,
        duty: Duty = Duty.LINE_WORKER,
        **size: int,
    ) -> None:
        self.client: Client = client_of(world, role, duty)
        context = browser.new_context(
            viewport={"width": size.get("width", 1280), "height": 900},
            java_script_enabled=not size.get("no_script"),
            reduced_motion="reduce",
        )
        cookie = self.client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live.url}])
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on(
            "console", lambda said: self.problems.append(said.text) if said.type == "error" else None
        )
        self.base = live.url

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def text(self, path: str) -> str:
        return self.open(path).inner_text("body")

    def check(self, path: str = "") -> None:
        """No accessibility violation, no sideways scroll, nothing that the content policy stopped."""
        if path:
            self.open(path)
        found = Axe().run(self.page, options={"runOnly": TAGS}).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:2]) for v in found] == [], self.page.url
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide}"
        assert self.problems == [], self.problems

    def picture(self, name: str) -> None:
        if os.environ.get("STORY_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(PICTURES / f"{name}.png"), full_page=False)


@contextmanager
def night(browser: Browser, live: Any, folder: Path) -> Iterator[tuple[World, Any]]:
    world = county_make()
    for role in (
        Role.CHILD_WELFARE,
        Role.PROBATION,
        Role.ADVOCATE,
        Role.PUBLIC_HEALTH,
        Role.MENTAL_HEALTH,
        Role.SUBSTANCE_USE,
        Role.EDUCATION,
    ):
        world.person(role)
        world.person(role, Duty.SUPERVISOR)
    world.person(Role.CHILD_WELFARE, Duty.COORDINATOR)

    def at(role: Role, duty: Duty = Duty.LINE_WORKER, **size: int) -> Seat:
        return Seat(browser, live, world, role, duty, **size)

    yield world, at


def duty_id(rule: str, role: str, to: str = "") -> str:
    with acting_because(WHY):
        rows = Deadline.objects.unrestricted(because=WHY).filter(rule=rule, owed_by__role=role)
        return str((rows.get(owed_to=to) if to else rows.get()).pk)


def is_met(rule: str, role: str, to: str = "") -> bool:
    with acting_because(WHY):
        return Deadline.objects.unrestricted(because=WHY).get(pk=duty_id(rule, role, to)).met_at is not None


def log_urgent(person: Seat, told: datetime) -> str:
    """Fills the seven answers and sends them; returns the referral's id."""
    page = person.open("/referrals/urgent")
    person.check()
    person.picture("urgent-390")
    local = told.astimezone(LA)
    page.select_option("[name=told_at_day]", local.date().isoformat())
    page.fill("[name=told_at_time]", local.strftime("%I:%M %p"))
    page.check("[name=call_back_nk]")
    page.fill("[name=reporter]", CALLER)
    page.fill("[name=place]", PLACE)
    page.check("[name=danger][value=yes]")
    page.fill("[name=name]", NAME)
    page.fill("[name=age]", "15")
    page.fill("[name=narrative]", STORY)
    page.check("[name=holder][value=unknown]")
    page.click("main form button.usa-button--big")
    page.wait_for_url("**/logged")
    person.check()
    return page.url.rsplit("/", 2)[-2]


def record_duty(person: Seat, rule: str, role: str, to: str = "", **answers: str) -> None:
    page = person.open(f"/duties/{duty_id(rule, role, to)}")
    for name, value in answers.items():
        field = page.locator(f"main [name={name}]").first
        if field.get_attribute("type") == "radio":
            page.check(f"main [name={name}][value={value}]")
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.click("main form button:has-text('Record it')")
    page.wait_for_load_state()
    assert is_met(rule, role, to), page.inner_text("main")


def send(page: Page, words: str) -> None:
    """Presses a form's button and waits for the answer, which must not be the form with a complaint."""
    page.click(f"main form button:has-text('{words}')")
    page.wait_for_load_state()
    assert page.locator(".usa-error-message, .usa-alert--error").count() == 0, page.inner_text("main")


def moment_fill(page: Page, name: str, moment: datetime) -> None:
    local = moment.astimezone(LA)
    day = page.locator(f"main [name={name}_day]")
    if day.evaluate("e => e.tagName") == "SELECT":
        day.select_option(local.date().isoformat())
    else:
        day.fill(local.date().isoformat())
    page.fill(f"main [name={name}_time]", local.strftime("%I:%M %p"))


def plan_team(lead: Seat, case: str, world: World, starts_at: datetime) -> str:
    """Fills the plan of the first team; returns the meeting's id."""
    page = lead.open(f"{case}/meetings/new")
    lead.check()
    page.check("main [name=kind][value=initial]")
    page.fill("main [name=reason]", "First meeting")
    moment_fill(page, "starts_at", starts_at)
    page.check("main [name=mode][value=in_person]")
    page.fill("main [name=place]", "Room 4, county building")
    for role in (Role.PROBATION, Role.MENTAL_HEALTH, Role.SUBSTANCE_USE, Role.PUBLIC_HEALTH):
        page.select_option(f"main [name='seat_{world.agencies[role].pk}']", str(world.person(role).pk))
    page.click("main summary:has-text('Other agencies this child may need')")
    for role, why in (
        (Role.ADVOCATE, "Whom the child calls at night"),
        (Role.EDUCATION, "School is where the day is spent"),
    ):
        agency = world.agencies[role]
        page.select_option(f"main [name='seat_{agency.pk}']", str(world.person(role).pk))
        page.fill(f"main [name='why_{agency.pk}']", why)
    send(page, "Plan the meeting and invite")
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def move_team(lead: Seat, meeting: str, starts_at: datetime) -> None:
    page = lead.open(f"/meetings/{meeting}/change")
    moment_fill(page, "starts_at", starts_at)
    send(page, "Change the meeting")


def decide(lead: Seat, meeting: str, agency: Agency) -> None:
    """The child's side, one item's notes, and a decision that becomes a task of an agency."""
    page = lead.open(f"/meetings/{meeting}/child")
    page.check("main [name=wish][value=comes]")
    page.check("main [name=briefing][value=understood]")
    moment_fill(page, "briefed_at", datetime.now(UTC))
    page.fill("main [name=briefing_version]", "2026-1")
    page.fill("main [name=briefing_language]", "English")
    page.check("main [name=part][value=came]")
    send(page, "Save")
    page = lead.open(f"/meetings/{meeting}/session")
    lead.check()
    page.fill("main [name=words]", "The child wants to stay in school.")
    send(page, "Save the notes")
    page.click("main a:has-text('Add a decision')")
    page.wait_for_load_state()
    page.fill("main [name=words]", "A counsellor is found this week.")
    page.select_option("main [name=owner]", f"{agency.pk}|")
    page.fill("main [name=action_words]", "Finds a counsellor")
    page.fill("main [name=due_on]", (datetime.now(LA) + timedelta(days=4)).date().isoformat())
    send(page, "Save the decision")


def hold_team(lead: Seat, meeting: str) -> None:
    page = lead.open(f"/meetings/{meeting}/hold")
    lead.check()
    for radio in page.locator("main input[type=radio][value=here]").all():
        radio.check()
    send(page, "Record the meeting as held")
    assert "The meeting is recorded as held." in page.inner_text("body")


def count_quarter(at: Any, world: World, folder: Path) -> None:
    """The committee has the last closed quarter counted by the worker, and reads no number that points at a child."""
    period = periods_offered(datetime.now(LA).date())[0]
    middle = period.moments(LA)[1]
    referrals_seed(world, 13, middle)
    referrals_seed(world, 3, middle + timedelta(days=1), by=Role.PROBATION)
    committee = at(Role.STEERING_COMMITTEE, Duty.COMMITTEE)
    page = committee.open(f"/reports/?period={period.key}")
    committee.check()
    send(page, "Count this period")
    with worker_running(folder / "counting"):
        page.locator("text=and frozen.").wait_for(timeout=90_000)  # the page finds out by itself
    committee.check()
    committee.picture("committee")
    shown = page.locator("table:has(caption:text('by when and to whom'))").first
    totals = shown.locator("tbody tr").last.locator("td").all_inner_texts()
    assert totals == ["13", "not shown", "not shown"], (
        "three children of one agency, or the sum that tells of them"
    )
    for form in ("csv", "pdf"):
        assert (
            committee.page.request.get(f"{committee.base}/reports/{period.key}/report.{form}").status == 200
        )


def test_one_night_from_the_call_to_what_each_agency_may_know(
    browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    with night(browser, live_server, tmp_path) as (world, at):
        hotline = at(Role.CHILD_WELFARE, Duty.HOTLINE, width=390)
        referral_id = log_urgent(hotline, now - timedelta(hours=2, minutes=10))
        with acting_because(WHY):
            referral = (
                Referral.objects.unrestricted(because=WHY).select_related("case_file").get(pk=referral_id)
            )
        case = f"/cases/{referral.case_file_id}"
        worker, probation = at(Role.CHILD_WELFARE), at(Role.PROBATION)
        advocate = at(Role.ADVOCATE, width=390)
        for responder in (worker, probation, advocate):
            assert "Be with the child" in responder.text("/duties/")
            responder.check()

        # The right people are told, by a real worker that is killed once and whose queue forgets everything.
        boss = at(Role.PROBATION, Duty.SUPERVISOR)
        with worker_running(tmp_path / "first") as first:
            first.kill()
        broker_flush()
        with worker_running(tmp_path / "second"):
            eventually(
                lambda: "nobody has done it yet" in boss.text("/notices/"),
                what="the escalation to probation's supervisor",
            )
        boss.check()

        # What was done stops what was owed.
        record_duty(advocate, "response-2h", "ADV")
        record_duty(worker, "response-2h", "CW")
        for to, role in (("le", "LE"), ("da", "DA")):
            agency = str(world.agencies[role].pk)
            record_duty(
                worker,
                "cross-report-now",
                "CW",
                to,
                mode="telephone",
                outcome="answered",
                recipient=agency,
                spoke_to="Desk",
            )
            record_duty(worker, "written-36h", "CW", to, mode="fax")
        page = worker.open(f"{case}/missing")
        page.fill("[name=description]", "Blue coat")
        page.click("main form button:has-text('start both reports')")
        page.wait_for_load_state()
        for to, rule in (("le", "missing-le-24h"), ("ncmec", "missing-ncmec-24h")):
            record_duty(
                worker,
                rule,
                "CW",
                to,
                mode="telephone",
                outcome="answered",
                spoke_to="Desk",
                reference="MP-1",
            )
        record_duty(at(Role.PUBLIC_HEALTH), "medical-72h", "PH")

        # The team is called for tomorrow, with seats for school and prosecutor that are given in writing.
        meeting = plan_team(worker, case, world, now + timedelta(days=1))
        assert "Hold it by" in worker.text(f"/meetings/{meeting}")
        worker.check()
        worker.picture("meeting")
        answer = advocate.open(f"/meetings/{meeting}/answer")
        advocate.check()
        answer.check("[name=reply][value=yes]")
        answer.click("main form button:has-text('Send the answer')")
        answer.wait_for_load_state()
        # It comes together sooner than planned, is held, and leaves a task with its owner.
        move_team(worker, meeting, datetime.now(UTC) - timedelta(minutes=30))
        decide(worker, meeting, world.agencies[Role.MENTAL_HEALTH])
        hold_team(worker, meeting)
        assert is_met("team-10d", "CW")
        assert "Finds a counsellor" in at(Role.MENTAL_HEALTH).text("/actions/")

        # A status field, then the case at a glance.
        page = worker.open(f"{case}/status")
        page.check("[name=code][value='6869']")
        page.fill("main [name=started_on]", now.astimezone(LA).strftime("%m/%d/%Y"))
        page.click("main form button:has-text('Set the status field')")
        page.wait_for_load_state()
        if page.locator("[name=sure]").count():
            page.check("[name=sure]")
            page.click("main form button:has-text('Set the status field')")
            page.wait_for_load_state()
        assert "Victim During Foster Care" in worker.text(f"{case}/status")
        for path in (
            case,
            f"{case}/timeline",
            f"{case}/reports",
            f"{case}/sharing",
            f"{case}/history",
            "/cases/",
        ):
            worker.check(path)
        worker.open(case)
        worker.picture("case")

        # Who looked, and what changed.
        lead = at(Role.CHILD_WELFARE, Duty.SUPERVISOR)
        lead.check(f"/reports/who-looked/cases/{referral.case_file_id}")
        answer = lead.page.inner_text("main")
        assert "agencies worked with" in answer and NAME.split()[1] not in answer
        count_quarter(at, world, tmp_path)

        # Each of the others sees what the matrix gives, in page, calendar file, PDF and history.
        for role, may in (
            (Role.DISTRICT_ATTORNEY, {STORY, CALLER}),
            (Role.EDUCATION, {STORY}),
            (Role.SURVIVOR_MENTOR, set()),
        ):
            outsider = client_of(world, role)
            paths = [f"/referrals/{referral_id}", case, f"{case}/timeline", f"{case}/history", f"{case}/sharing", f"/api/referrals/{referral_id}",
                     f"/api{case}/events", f"/meetings/{meeting}", f"/meetings/{meeting}/invite.ics", f"/meetings/{meeting}/summary.pdf"]  # fmt: skip
            seen = b"".join(outsider.get(path).content for path in paths).decode(errors="replace")
            for marker in (STORY, CALLER, PLACE, *NAME.split()):
                assert (
                    marker not in seen or marker in may or (marker in NAME.split() and role is Role.EDUCATION)
                ), (role, marker)
            for marker in may:
                assert marker in seen, (role, marker)


def test_the_night_works_without_a_script_on_a_narrow_phone(
    browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    with night(browser, live_server, tmp_path) as (world, at):
        hotline = at(Role.CHILD_WELFARE, Duty.HOTLINE, width=320, no_script=1)
        page = hotline.open("/referrals/urgent")
        local = (now - timedelta(minutes=5)).astimezone(LA)
        page.select_option("[name=told_at_day]", local.date().isoformat())
        page.fill("[name=told_at_time]", local.strftime("%I:%M %p"))
        for name in ("call_back", "place", "name", "age", "narrative"):
            page.check(f"[name={name}_nk]")
        page.check("[name=danger][value=not_known]")
        page.check("[name=holder][value=unknown]")
        page.click("main form button.usa-button--big")
        page.wait_for_url("**/logged")
        assert world.county.name in page.inner_text("body")
        advocate = at(Role.ADVOCATE, width=320, no_script=1)
        record_duty(advocate, "response-2h", "ADV")
        with acting_because(WHY):
            case_file = Referral.objects.unrestricted(because=WHY).get().case_file
        meeting = meeting_make(world, case_file)
        member = at(Role.MENTAL_HEALTH, width=320, no_script=1)
        assert meeting.number in member.text(f"/meetings/{meeting.pk}")
        for person, path in (
            (advocate, "/duties/"),
            (member, f"/meetings/{meeting.pk}"),
            (hotline, f"/cases/{case_file.pk}"),
        ):
            shown = person.open(path)
            assert shown.evaluate("document.documentElement.scrollWidth") <= 320, path
