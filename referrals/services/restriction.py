"""Restricting a case file to named people, changing whom, and ending it. It counts on the next request of everybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from agencies.models import Agency, Notice, Person
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from referrals import policies
from referrals.models import CaseFile, CaseRestriction, Deadline, EmergencyLook
from referrals.services.named import restriction_of
from referrals.services.sharing import SectionKey, case_lock, section_to_write, sharing_settle
from referrals.services.telling import people_tell, supervisors_of

WHY = "a file is restricted to the people named for it"
REASON_AT_LEAST = 10
PEOPLE_AT_MOST = 60


@transaction.atomic
def restriction_set(
    *, viewer: Viewer, case_file: CaseFile, emails: Iterable[str], reason: str, now: datetime
) -> CaseRestriction:
    """From now on the file is open to these people only, named by their work addresses; one before it ends here.

    Whoever of them did not know is told, and duties that others had taken on go back to those who are named. Raises
    `NotAllowed` for anybody but a supervisor of an agency that keeps the file, `RuleBroken` for an address that nobody
    who works cases has, and where an agency that owes something, or the supervisors who could end it, would be left out.
    """
    _require(viewer, case_file, now)
    _reason(reason, "reason")
    people = _people(viewer, emails)
    with acting_because(WHY):
        case_lock(case_file.pk)
        _refuse_left_out(viewer, case_file, people, now)
        before = restriction_of(case_file.pk)
        if before is not None:
            _end(before, viewer, "Other people are named.", now)
        restriction = CaseRestriction(
            case_file=case_file,
            people=sorted(people, key=str),
            reason=reason.strip()[:600],
            began_at=now,
            began_by_id=viewer.person,
        )
        restriction.save()
        sharing_settle(case_file=case_file, now=now)
        _duties_return(case_file, people, now)
        _reviews_take(viewer, case_file)
        known = set(before.people) if before is not None else set()
        people_tell(
            about=Notice.About.NAMED,
            subject=case_file.pk,
            stage=f"named-{now:%y%m%d%H%M}",
            people=set(people) - known - {viewer.person},
            now=now,
        )
    _logged(viewer, case_file, restriction, now, count=len(people))
    return restriction


def _reviews_take(viewer: Viewer, case_file: CaseFile) -> None:
    """Emergency looks that wait for their review are reviewed by the agency that restricts: other supervisors know no such file."""
    looks = EmergencyLook.objects.unrestricted(because=WHY).filter(case_file=case_file, reviewed_at=None)
    for look in looks.exclude(review_by=viewer.agency).select_for_update():
        look.review_by_id = viewer.agency
        look.save()


@transaction.atomic
def restriction_end(*, viewer: Viewer, case_file: CaseFile, why: str, now: datetime) -> None:
    """The agencies of the file see again what the agreement opens to them. Raises as `restriction_set`."""
    _require(viewer, case_file, now)
    _reason(why, "why")
    with acting_because(WHY):
        case_lock(case_file.pk)
        restriction = restriction_of(case_file.pk)
        if restriction is None:
            raise RuleBroken("This file is not restricted any more.")
        _end(restriction, viewer, why, now)
        sharing_settle(case_file=case_file, now=now)
    _logged(viewer, case_file, restriction, now, ended=True)


def _require(viewer: Viewer, case_file: CaseFile, now: datetime) -> None:
    policies.require_restrict(viewer)
    section_to_write(case_file=case_file, key=SectionKey("r01"), viewer=viewer, now=now)


def _reason(words: str, field: str) -> None:
    if len(words.strip()) < REASON_AT_LEAST:
        raise RuleBroken("Write in a sentence why.", field=field)


def _people(viewer: Viewer, emails: Iterable[str]) -> dict[UUID, UUID]:
    """Each person with the agency they work for."""
    asked = list(dict.fromkeys(one.strip().lower() for one in emails if one.strip()))
    if not asked:
        raise RuleBroken("Name at least one person by work e-mail address.", field="emails")
    if len(asked) > PEOPLE_AT_MOST:
        raise RuleBroken(f"Name at most {PEOPLE_AT_MOST} people.", field="emails")
    found = {
        person.email.lower(): person
        for person in Person.objects.filter(
            email__in=asked, agency__county=viewer.county, is_active=True, groups__isnull=False
        )
    }
    missing = [one for one in asked if one not in found]
    if missing:
        raise RuleBroken(
            f"Nobody who works cases in this county has the address {', '.join(missing)}.", field="emails"
        )
    return {person.pk: person.agency_id for person in found.values()}


def _refuse_left_out(viewer: Viewer, case_file: CaseFile, people: dict[UUID, UUID], now: datetime) -> None:
    zone = ZoneInfo(case_file.county.zone)
    if not supervisors_of({viewer.agency}, now=now, zone=zone) & people.keys():
        raise RuleBroken(
            f"Name a supervisor of {viewer.agency_name}, who can end the restriction.", field="emails"
        )
    owed = Deadline.objects.unrestricted(because=WHY).filter(
        case_file=case_file, met_at=None, dropped_by=None
    )
    owing = set(owed.values_list("owed_by", flat=True)) - set(people.values())
    if owing:
        names = ", ".join(Agency.objects.filter(pk__in=owing).order_by("name").values_list("name", flat=True))
        raise RuleBroken(
            f"Name at least one person of each agency that still owes something in this case: {names}.",
            field="emails",
        )


def _duties_return(case_file: CaseFile, people: dict[UUID, UUID], now: datetime) -> None:
    """What somebody had taken on who is not named goes to those of the agency who are."""
    owed = Deadline.objects.unrestricted(because=WHY).filter(
        case_file=case_file, met_at=None, dropped_by=None
    )
    for deadline in owed.exclude(owner=None).exclude(owner__in=people.keys()).order_by("pk"):
        deadline.owner, deadline.taken_at = None, None
        deadline.save()
        people_tell(
            about=Notice.About.DEADLINE,
            subject=deadline.pk,
            stage=f"named-{now:%y%m%d%H%M}",
            people=[person for person, agency in people.items() if agency == deadline.owed_by_id],
            now=now,
            escalated=True,
        )


def _end(restriction: CaseRestriction, viewer: Viewer, why: str, now: datetime) -> None:
    restriction.ended_at, restriction.ended_by_id = now, viewer.person
    restriction.ended_why = why.strip()[:600]
    restriction.save()


def _logged(
    viewer: Viewer, case_file: CaseFile, restriction: CaseRestriction, now: datetime, **facts: object
) -> None:
    record(
        Verb.SHARING_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind="restriction",
        subject=restriction.pk,
        case_file=case_file.pk,
        facts=facts,
    )
