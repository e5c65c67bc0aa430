"""Actions of team meetings that somebody who leaves had taken on: they stay their agency's, and are anybody's again."""

from __future__ import annotations

from datetime import datetime

from agencies.models import Person
from cseccase.confidentiality.context import acting_because
from mdt.models import ActionItem
from referrals.services.leaving import supervisors_tell

WHY = "what a leaver held goes back to the agency, whoever closes the account"


def actions_give_back(person: Person, now: datetime) -> int:
    """Open actions of this person; the agency's supervisors are told once."""
    with acting_because(WHY):
        mine = ActionItem.objects.unrestricted(because=WHY).select_for_update(of=("self",))
        held = list(mine.filter(owner=person, done_at=None).order_by("pk"))
        for action in held:
            action.owner = None
            action.save()
        supervisors_tell(person, now, files={action.case_file_id for action in held})
    return len(held)
