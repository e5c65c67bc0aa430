"""The pages of one's own notes: shown to those who may keep one, and of no note to anybody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from agencies.models import Qualification
from cseccase.confidentiality.context import acting_because
from referrals.choices import PartyKind
from referrals.models import CaseFile, PrivateNote
from referrals.services.sharing import Joining, file_extend
from tests.pages import client_of, sign_in, words
from tests.worlds import World, county_make, person_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "a test reads what was written down"


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def case_file(world: World) -> CaseFile:
    case_file = referral_make(world).case_file
    with acting_because(WHY):
        file_extend(
            case_file=case_file,
            recorded_by=world.person(Role.CHILD_WELFARE).pk,
            now=datetime.now(UTC),
            parties=[Joining(world.agencies[role].pk, PartyKind.ASSIGNMENT) for role in ("MH", "ADV")],
        )
    return case_file


def notes() -> list[PrivateNote]:
    with acting_because(WHY):
        return list(PrivateNote.objects.unrestricted(because=WHY).order_by("written_at"))


def test_an_author_writes_reads_and_corrects(world: World, case_file: CaseFile) -> None:
    mine, address = client_of(world, Role.MENTAL_HEALTH), f"/cases/{case_file.pk}/my-notes"
    assert "My notes" in words(mine.get(f"/cases/{case_file.pk}"))
    answer = mine.post(address, {"words": "The river dream."}, follow=True)
    assert "The river dream." in words(answer)
    one = f"{address}/{notes()[0].pk}"
    assert "The river dream." in words(mine.get(one))
    assert mine.post(one, {"words": "No river."})["Location"] == address
    shown = words(mine.get(address))
    assert "No river." in shown
    assert "The river dream." not in shown
    assert "The river dream." in words(mine.get(f"{address}/{notes()[1].pk}"))
    again = words(mine.get(one))
    assert "A later note stands in its place" in again


def test_a_colleague_gets_the_same_page_with_or_without_a_note_of_somebody_elses(
    world: World, case_file: CaseFile
) -> None:
    address = f"/cases/{case_file.pk}/my-notes"
    colleague = Client()
    sign_in(colleague, person_make(world.agencies["MH"], Duty.SUPERVISOR))
    pages = (
        address,
        f"/cases/{case_file.pk}",
        f"/cases/{case_file.pk}/timeline",
        f"/cases/{case_file.pk}/sharing",
    )
    before = [words(colleague.get(page)) for page in pages]
    client_of(world, Role.MENTAL_HEALTH).post(address, {"words": "The river dream."})
    assert [words(colleague.get(page)) for page in pages] == before
    assert colleague.get(f"{address}/{notes()[0].pk}").status_code == 404


def test_others_see_no_such_page_in_the_case(world: World, case_file: CaseFile) -> None:
    lead = client_of(world, Role.CHILD_WELFARE)
    assert "My notes" not in words(lead.get(f"/cases/{case_file.pk}"))
    assert lead.get(f"/cases/{case_file.pk}/my-notes").status_code == 403
    stranger = client_of(world, Role.DISTRICT_ATTORNEY)
    assert stranger.get(f"/cases/{case_file.pk}/my-notes").status_code == 404


def test_an_advocate_who_does_not_qualify_is_told_whom_to_ask_and_nothing_typed_opens(
    world: World, case_file: CaseFile
) -> None:
    mine, address = client_of(world, Role.ADVOCATE), f"/cases/{case_file.pk}/my-notes"
    assert mine.get(address).status_code == 200
    Qualification.objects.all().delete()
    assert "My notes" not in words(mine.get(f"/cases/{case_file.pk}"))
    refused = mine.get(address)
    assert refused.status_code == 403
    assert "security officer" in words(refused)


def test_an_empty_note_is_asked_for_again_and_a_long_list_is_paged(world: World, case_file: CaseFile) -> None:
    mine, address = client_of(world, Role.MENTAL_HEALTH), f"/cases/{case_file.pk}/my-notes"
    assert "Write the note" in words(mine.post(address, {"words": " "}))
    for number in range(11):
        mine.post(address, {"words": f"note number {number:02}"})
    first, second = words(mine.get(address)), words(mine.get(f"{address}?page=2"))
    assert "note number 10" in first
    assert "note number 00" not in first
    assert "note number 00" in second
