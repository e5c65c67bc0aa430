"""A look that cannot be written into the log is not had."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.choices import Duty, Role
from cseccase.audit.models import AccessEntry
from cseccase.audit.services import QUIET, record, record_refresh
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import viewing_as
from cseccase.errors import NotRecorded
from referrals.models import Referral
from referrals.services.referral import ChildSaid
from tests.pages import client_of
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@contextmanager
def log_closed() -> Iterator[None]:
    """PostgreSQL refuses every new entry, as it does when the disk is full or a right is missing."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "audit_accessentry"'):
            sql, params = "SELECT 1/0", None
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture(scope="module")
def markers() -> tuple[str, ...]:
    return ("Zyxmarker", "Quillchild", "Vexnarrative")


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def referral(world: World, markers: tuple[str, ...]) -> Referral:
    given, family, narrative = markers
    return referral_make(world, child=ChildSaid(given_name=given, family_name=family), narrative=narrative)


@pytest.fixture
def client(world: World) -> Client:
    return client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)


def test_every_page_of_a_record_shows_nothing_while_the_log_cannot_be_written(
    client: Client, referral: Referral, markers: tuple[str, ...]
) -> None:
    case = referral.case_file_id
    addresses = (
        f"/cases/{case}",
        f"/cases/{case}/history",
        f"/referrals/{referral.pk}",
        "/cases/",
        "/duties/",
        f"/cases/{case}/referrals/{referral.pk}/written-report",
        f"/reports/who-looked/cases/{case}",
        reverse("api_case_events", args=[case]),
        reverse("api_referrals"),
    )
    shown = 0
    for address in addresses:
        open_answer = client.get(address, follow=True)
        assert open_answer.status_code == 200, address
        shown += any(marker in open_answer.content.decode("latin-1") for marker in markers)
        with log_closed():
            answer = client.get(open_answer.request["PATH_INFO"])
        assert answer.status_code == 503, address
        body = answer.content.decode("latin-1")
        assert not any(marker in body for marker in markers), address
        assert referral.case_file.number not in body, address
        assert "access log" in body, address
    assert shown >= 3, "the same addresses do show the record"


def test_what_cannot_be_recorded_is_not_done(client: Client, world: World, referral: Referral) -> None:
    from referrals.services.referral import ReferralSaid, referral_log

    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    with viewing_as(viewer):
        before = Referral.objects.visible_to(viewer).count()
    with pytest.raises(NotRecorded), viewing_as(viewer), log_closed():
        referral_log(
            viewer=viewer,
            said=ReferralSaid(urgent=True, received_at=datetime.now(UTC)),
            children=[ChildSaid(given_name="Second")],
            now=datetime.now(UTC),
        )
    with viewing_as(viewer):
        assert Referral.objects.visible_to(viewer).count() == before


def listed(viewer: Any) -> int:
    with viewing_as(viewer):
        return AccessEntry.objects.filter(verb=Verb.DUTY_LISTED, person=viewer.person).count()


def test_an_open_list_that_asks_again_by_itself_is_written_once_a_quarter_of_an_hour_or_when_it_changed(
    world: World,
) -> None:
    viewer = world.viewer(Role.CHILD_WELFARE)

    def refresh(at: datetime, *ids: str) -> None:
        with viewing_as(viewer):
            record_refresh(
                Verb.DUTY_LISTED, viewer=viewer, at=at, subject_kind="deadline", facts={"ids": list(ids)}
            )

    refresh(NOW, "a")
    for seconds in range(30, 900, 30):
        refresh(NOW + timedelta(seconds=seconds), "a")
    assert listed(viewer) == 1
    refresh(NOW + timedelta(seconds=600), "a", "b")
    assert listed(viewer) == 2
    refresh(NOW + timedelta(seconds=600) + QUIET, "a", "b")
    assert listed(viewer) == 3
    with viewing_as(viewer):
        for _ in range(2):
            record(
                Verb.DUTY_LISTED,
                viewer=viewer,
                at=NOW + timedelta(seconds=601) + QUIET,
                subject_kind="deadline",
                facts={"ids": ["a", "b"]},
            )
    assert listed(viewer) == 5, "what a person asks for is written every time"


def test_the_page_of_duties_is_quiet_only_when_it_refreshes_itself(
    client: Client, world: World, referral: Referral
) -> None:
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    client.get("/duties/")
    client.get("/duties/")
    assert listed(viewer) == 2
    for _ in range(3):
        assert client.get("/duties/", headers={"X-Background": "1"}).status_code == 200
    assert listed(viewer) == 2
