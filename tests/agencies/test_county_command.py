"""`manage.py county`: from a migrated database to a county whose first security officer can sign in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from agencies.choices import Duty, Role
from agencies.models import Agency, County, Designation, Person, ProtocolVersion
from agencies.services.county import NOT_CONFIRMED
from agencies.viewers import categories_in_force, viewer_of
from cseccase.audit.models import AccessEntry
from cseccase.confidentiality.context import viewing_as
from cseccase.outbox.models import Message
from cseccase.outbox.services import messages_relay
from tests.agencies.pages import PASSWORD

pytestmark = pytest.mark.django_db
OPEN = {
    "--name": "Marigold County",
    "--timezone": "America/Los_Angeles",
    "--agency-role": "CW",
    "--agency-name": "Marigold Child Welfare",
    "--officer-email": "Rosa@cw.example",
    "--officer-name": "Rosa Made-up",
}
COUNSEL = {
    "--role": "county counsel",
    "--name": "County Counsel of Marigold",
    "--officer-email": "ines@cc.example",
    "--officer-name": "Ines Made-up",
}


def county(act: str, said: dict[str, str], *more: str) -> str:
    out = StringIO()
    call_command("county", act, *(word for pair in said.items() for word in pair), *more, stdout=out)
    return out.getvalue()


def counts() -> tuple[int, ...]:
    with viewing_as(None, because="a test counts"):
        return tuple(
            model.objects.count() for model in (County, ProtocolVersion, Agency, Person, Designation, Message)
        )


def link_in(text: str) -> str:
    word = next(word for word in text.split() if "/account/first/" in word)
    return "/" + word.split("/", 3)[3]


class TestOpen:
    def test_the_county_has_its_zone_its_rules_and_an_officer_who_may_invite_and_sees_no_case(self) -> None:
        county("open", OPEN)
        made = County.objects.get()
        assert (made.name, made.zone) == ("Marigold County", "America/Los_Angeles")
        version = ProtocolVersion.objects.get()
        assert (version.number, version.approved_by) == (1, NOT_CONFIRMED)
        full, _ = categories_in_force(made.pk, Role.CHILD_WELFARE, now=datetime.now(UTC))
        assert "r01" in full
        officer = Person.objects.get()
        assert officer.email == "rosa@cw.example"
        assert not officer.has_usable_password()
        viewer = viewer_of(officer, now=datetime.now(UTC))
        assert viewer.duties == {Duty.SECURITY_OFFICER}
        assert viewer.groups == ()

    def test_the_link_on_the_terminal_and_the_one_in_the_letter_each_work_until_one_was_used(self) -> None:
        printed = link_in(county("open", OPEN, "--show-link"))
        messages_relay(now=datetime.now(UTC) + timedelta(seconds=1))
        assert mail.outbox[0].to == ["rosa@cw.example"]
        mailed = link_in(mail.outbox[0].body)
        stranger = Client()
        assert stranger.get(mailed).status_code == 200
        assert stranger.post(printed, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
        assert Person.objects.get().check_password(PASSWORD)
        assert {stranger.get(path).status_code for path in (printed, mailed)} == {404}

    def test_what_is_not_shown_to_a_person_at_a_terminal_holds_no_link(
        self, capfd: pytest.CaptureFixture[str]
    ) -> None:
        said = county("open", OPEN)
        assert "/account/first/" not in said + "".join(capfd.readouterr())
        assert "--show-link" in said

    def test_it_says_in_words_what_comes_next(self) -> None:
        said = county("open", OPEN)
        for step in ("invites", "counsel", "other agencies", "county numbers"):
            assert step in said
        said = county("numbers", {"--hotline": "(555) 010-0100", "--night-line": "At night call 0101"})
        assert "(555) 010-0100" in said
        assert "county numbers" not in county("open", OPEN)
        assert County.objects.get().night_line == "At night call 0101"

    def test_the_same_words_again_change_nothing_and_give_a_link_while_none_was_used(self) -> None:
        county("open", OPEN)
        before = counts()
        assert "nothing was changed" in county("open", OPEN)
        assert link_in(county("open", OPEN, "--show-link"))
        Person.objects.update(password="x" * 40)
        assert "/account/first/" not in county("open", OPEN, "--show-link")
        assert counts() == before

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"--agency-name": "Another Agency"}, "Marigold County is open already"),
            (
                {"--name": "MARIGOLD  county", "--officer-email": "x@cw.example"},
                "Marigold County is open already",
            ),
            ({"--timezone": "America/Denver"}, "Marigold County is open already"),
            ({"--name": "Other County"}, "cannot be used for a new account"),
        ],
    )
    def test_a_second_county_of_the_name_and_an_address_in_use_are_refused(
        self, changed: dict[str, str], words: str
    ) -> None:
        county("open", OPEN)
        before = counts()
        with pytest.raises(CommandError, match=words):
            county("open", OPEN | changed)
        assert counts() == before

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"--timezone": "America/Los Angles"}, "Did you mean America/Los_Angeles"),
            ({"--timezone": "los_angeles"}, "Did you mean America/Los_Angeles"),
            ({"--timezone": "???"}, "no time zone"),
            ({"--officer-email": "rosa at cw"}, "not an e-mail address"),
            ({"--officer-name": "  "}, "Say the officer’s name"),
            ({"--name": "M" * 81}, "at most 80 characters"),
            ({"--agency-role": "ZZ"}, "CW \\(Child Welfare\\)"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_made(self, changed: dict[str, str], words: str) -> None:
        with pytest.raises(CommandError, match=words):
            county("open", OPEN | changed)
        assert counts() == (0, 0, 0, 0, 0, 0)

    def test_every_act_is_in_the_access_log_without_names_or_links(self) -> None:
        county("open", OPEN)
        with viewing_as(None, because="a test reads the log"):
            facts = list(AccessEntry.objects.order_by("position", "at").values_list("facts", flat=True))
        assert sorted(one["did"] for one in facts) == [
            "agency added",
            "county opened",
            "designated",
            "invited",
        ]
        assert "rosa" not in str(facts).lower()


class TestAgency:
    def test_a_further_agency_comes_with_its_own_officer_and_once_only(self) -> None:
        county("open", OPEN)
        county("agency", COUNSEL)
        agency = Agency.objects.get(role=Role.COUNTY_COUNSEL)
        assert [person.full_name for person in agency.people.all()] == ["Ines Made-up"]
        before = counts()
        assert "nothing was changed" in county("agency", COUNSEL)
        assert counts() == before

    def test_another_agency_of_the_name_is_refused(self) -> None:
        county("open", OPEN)
        county("agency", COUNSEL)
        before = counts()
        with pytest.raises(CommandError, match="has an agency named"):
            county("agency", COUNSEL | {"--officer-email": "other@cc.example"})
        assert counts() == before

    def test_without_a_county_or_with_several_it_asks_which(self) -> None:
        with pytest.raises(CommandError, match="Begin with `county open`"):
            county("agency", COUNSEL)
        county("open", OPEN)
        county("open", OPEN | {"--name": "Second County", "--officer-email": "b@cw.example"})
        with pytest.raises(CommandError, match="Marigold County, Second County"):
            county("agency", COUNSEL)
        county("agency", COUNSEL, "--county", "second county")
        assert Agency.objects.get(role=Role.COUNTY_COUNSEL).county.name == "Second County"
