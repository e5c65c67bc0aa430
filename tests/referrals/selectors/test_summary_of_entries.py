"""A summary tells a mistaken entry from the one that mended it, and nothing more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.api.views.records import event_shown
from referrals.deadlines import kinds
from referrals.models import CaseEvent, CaseFile, SectionGroupGrant
from referrals.selectors.overview import entries_of
from referrals.selectors.records import SUMMARY, chronology
from referrals.services.event import event_correct
from tests.worlds import county_make, referral_make

pytestmark = pytest.mark.django_db


def test_a_summary_says_which_entry_was_mended_and_no_word_of_either() -> None:
    world, now = county_make(), datetime.now(UTC)
    referral = referral_make(world, ago=timedelta(hours=2))
    lead = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(lead):
        case_file = CaseFile.objects.visible_to(lead).get(pk=referral.case_file_id)
        received = CaseEvent.objects.visible_to(lead).get(case_file=case_file, kind=kinds.REFERRAL_RECEIVED)
        mended = event_correct(
            viewer=lead,
            event_id=received.pk,
            now=now,
            reason="Wrong hour",
            occurred_at=now - timedelta(hours=1),
        )
    with acting_because("a summary for the prosecutor"):
        grant = SectionGroupGrant.objects.filter(content_object=received.section_id, may="see").first()
        assert grant is not None
        SectionGroupGrant.objects.filter(content_object=received.section_id).update(may="see_summary")
    with viewing_as(lead):
        seen = {one.fields["id"]: one for one in chronology(viewer=lead, case_file=case_file)}
        entries = entries_of([seen[received.pk], seen[mended.pk]], viewer=lead)
    assert seen[received.pk].access == seen[mended.pk].access == SUMMARY
    assert [entry.corrected for entry in entries] == [True, False]
    assert not any(entry.detail for entry in entries)
    assert event_shown(seen[mended.pk])["supersedes"] == str(received.pk)
    assert event_shown(seen[received.pk])["supersedes"] is None
