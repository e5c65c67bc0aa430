"""Breaking the glass: opening one case file in an emergency, ending it, and reviewing it afterwards.

An emergency look is a fact of the case. The one sharing rule turns it into grants for one person, to read only, that
end within the hour; here are the act, its record, and who is told. Nothing can be extended: a second look is a second
act with its own reason.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.disclosure.emergency import LONGEST
from agencies.models import Notice, Person
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, Refusal, RuleBroken
from referrals import policies
from referrals.business_days import business_days_after
from referrals.choices import KEEPING
from referrals.models import CaseFile, CaseParty, Child, EmergencyLook
from referrals.models.case_file import REFERENCE_LETTERS
from referrals.services.named import among_named, hidden_from, restriction_fact
from referrals.services.sharing import case_lock, sharing_settle
from referrals.services.telling import people_tell, supervisors_of

WHY = "an emergency look is a fact of the case"
NUMBER = re.compile(rf"CF-?([{REFERENCE_LETTERS}]{{3}})-?([{REFERENCE_LETTERS}]{{3}})")
WORDS_AT_LEAST = 10
MISSES_ALLOWED = 3
REVIEW_WITHIN = 1
OVERDUE = "overdue"


def number_read(typed: str) -> str:
    """A case number as people type or say it: "cf 7km 2qx" is "CF-7KM-2QX". Raises `RuleBroken` for another shape."""
    found = NUMBER.fullmatch(re.sub(r"\s+", "", typed).upper())
    if found is None:
        raise RuleBroken(
            "Write the whole case number, like CF-7KM-2QX. It has no letters I, L or O and no 0 or 1.",
            field="number",
        )
    return f"CF-{found[1]}-{found[2]}"


@transaction.atomic
def emergency_open(*, viewer: Viewer, number: str, reason: str, words: str, now: datetime) -> EmergencyLook:
    """Opens the file of this number to this one person, to read, for an hour; the right people know at once.

    A number that no file of the county has makes the same record and the same review, and opens nothing. Raises
    `NotAllowed` for people who may not break the glass, `RuleBroken` where the form is not complete or the file is
    open to this person already.
    """
    policies.require_emergency(viewer)
    number = number_read(number)
    if reason not in EmergencyLook.Reason.values:
        raise RuleBroken("Choose why this cannot wait.", field="reason")
    if len(words.strip()) < WORDS_AT_LEAST:
        raise RuleBroken("Write in a sentence what is happening. It is read in the review.", field="words")
    with acting_because(WHY):
        # One act of one person at a time: two tabs pressed at once make one record.
        case_lock(viewer.person)
        _refuse_fishing(viewer, now)
        case_file = (
            CaseFile.objects.unrestricted(because=WHY)
            .filter(county=viewer.county, number=number)
            .exclude(pk__in=hidden_from(viewer))
            .select_related("county")
            .first()
        )
        _refuse_open_already(viewer, number, now)
        zone = ZoneInfo(viewer.zone)
        keepers = keepers_of(case_file, now=now)
        look = EmergencyLook(
            number=number,
            case_file=case_file,
            person_id=viewer.person,
            agency_id=viewer.agency,
            reason=reason,
            words=words.strip()[:600],
            opened_at=now,
            until=now + LONGEST if case_file else now,
            review_by_id=_reviewing_agency(viewer, case_file, keepers, now, zone),
            review_due_at=business_days_after(now, REVIEW_WITHIN, zone),
        )
        look.save()
        if case_file is not None:
            sharing_settle(case_file=case_file, now=now)
        _tell(look, "opened", now, zone, keepers)
    _logged(Verb.EMERGENCY_OPENED, viewer, look, now, {"reason": reason, "found": case_file is not None})
    return look


@transaction.atomic
def emergency_end(*, viewer: Viewer, look_id: UUID, now: datetime) -> bool:
    """Ends it now: by the person who looks, or by a supervisor who answers for it. False when it was over already."""
    with acting_because(WHY):
        look = _locked(viewer, look_id)
        if not policies.may_end_emergency(viewer, looker=look.person_id):
            raise NotVisible
        if look.ended_at is not None or look.until <= now:
            return False
        look.ended_at, look.ended_by_id = now, viewer.person
        look.save()
        if look.case_file is not None:
            sharing_settle(case_file=look.case_file, now=now)
        if viewer.person != look.person_id:
            people_tell(
                about=Notice.About.EMERGENCY,
                subject=look.pk,
                stage="ended",
                people=[look.person_id],
                now=now,
            )
    _logged(Verb.EMERGENCY_ENDED, viewer, look, now, {})
    return True


@transaction.atomic
def emergency_review(*, viewer: Viewer, look_id: UUID, verdict: str, words: str, now: datetime) -> None:
    """A supervisor's word on whether it was justified; given once, after it is over, never on one's own look."""
    with acting_because(WHY):
        look = _locked(viewer, look_id)
        policies.require_review(viewer, looker=look.person_id, review_by=look.review_by_id)
        if look.reviewed_at is not None:
            raise RuleBroken("This was reviewed already. The first review stands.")
        if look.ended_at is None and look.until > now:
            raise RuleBroken("The file is still open. End it first, or wait until its hour is over.")
        if verdict not in EmergencyLook.Verdict.values:
            raise RuleBroken("Choose whether it was justified.", field="verdict")
        if len(words.strip()) < WORDS_AT_LEAST:
            raise RuleBroken("Write in a sentence how you know.", field="words")
        look.reviewed_at, look.reviewed_by_id = now, viewer.person
        look.verdict, look.review_words = verdict, words.strip()[:600]
        look.save()
        keepers = keepers_of(look.case_file, now=now)
        people_tell(
            about=Notice.About.EMERGENCY,
            subject=look.pk,
            stage="reviewed",
            people={
                look.person_id,
                *_hearing(look, supervisors_of(keepers, now=now, zone=ZoneInfo(viewer.zone)), now),
            }
            - {viewer.person},
            now=now,
        )
    _logged(Verb.EMERGENCY_REVIEWED, viewer, look, now, {"verdict": verdict})


def reviews_remind(*, now: datetime, batch: int = 200) -> int:
    """Tells the supervisors once more of each review that has passed its day. Safe to run twice.

    Each in a transaction of its own: whatever ends this work, those told are told. Returns how many there were.
    """
    with acting_because(WHY):
        late = list(_late(now).order_by("review_due_at").values_list("pk", flat=True)[:batch])
    for look in late:
        _review_remind(look, now)
    return len(late)


def _late(now: datetime) -> QuerySet[EmergencyLook]:
    """The looks whose review has passed its day and of which nobody was told so yet."""
    told = Notice.objects.filter(subject=OuterRef("pk"), stage=OVERDUE)
    rows = EmergencyLook.objects.unrestricted(because=WHY).filter(reviewed_at=None, review_due_at__lt=now)
    return rows.exclude(Exists(told))


def _review_remind(look_id: UUID, now: datetime) -> None:
    with acting_because(WHY):
        rows = _late(now).select_related("agency__county", "case_file__county")
        look = rows.filter(pk=look_id).first()
        if look is None:
            return
        zone = ZoneInfo(look.agency.county.zone)
        agencies = {look.review_by_id, *keepers_of(look.case_file, now=now)}
        people_tell(
            about=Notice.About.EMERGENCY,
            subject=look.pk,
            stage=OVERDUE,
            people=_hearing(look, supervisors_of(agencies, now=now, zone=zone), now) - {look.person_id},
            now=now,
            escalated=True,
        )


def keepers_of(case_file: CaseFile | None, *, now: datetime) -> set[UUID]:
    """The agencies that keep a file: those it is assigned to, or that have jurisdiction."""
    if case_file is None:
        return set()
    rows = CaseParty.objects.unrestricted(because=WHY).filter(case_file=case_file, kind__in=KEEPING)
    return set(rows.filter(until=None).values_list("agency", flat=True))


def _locked(viewer: Viewer, look_id: UUID) -> EmergencyLook:
    rows = EmergencyLook.objects.visible_to(viewer).filter(pk=look_id)
    rows = rows.exclude(~Q(person=viewer.person), case_file__in=hidden_from(viewer))
    look = rows.select_for_update(of=("self",)).select_related("case_file__county").first()
    if look is None:
        raise NotVisible
    return look


def _refuse_fishing(viewer: Viewer, now: datetime) -> None:
    misses = EmergencyLook.objects.unrestricted(because=WHY).filter(
        person=viewer.person, case_file=None, reviewed_at=None, opened_at__gt=now - timedelta(days=1)
    )
    if misses.count() >= MISSES_ALLOWED:
        raise NotAllowed(
            Refusal(
                rule=f"You named {MISSES_ALLOWED} numbers today that no case file has.",
                opens="Your supervisor’s review of those, or tomorrow.",
                ask="Telephone the county’s night line and ask them to read the file to you.",
            )
        )


def _refuse_open_already(viewer: Viewer, number: str, now: datetime) -> None:
    held = EmergencyLook.objects.unrestricted(because=WHY).filter(
        person=viewer.person, number=number, ended_at=None, until__gt=now
    )
    if held.exists():
        raise RuleBroken("You have this file open already. When its time is over, you can open it anew.")


def _reviewing_agency(
    viewer: Viewer, case_file: CaseFile | None, keepers: set[UUID], now: datetime, zone: ZoneInfo
) -> UUID:
    """The looker's own agency if it has another supervisor who may know of the file, else one that keeps the file and has one."""
    fact = restriction_fact(case_file, now=now) if case_file else None
    for agency in (viewer.agency, *sorted(keepers)):
        others = supervisors_of([agency], now=now, zone=zone) - {viewer.person}
        if others if fact is None else others & dict(fact.people).keys():
            return agency
    return viewer.agency


def _tell(look: EmergencyLook, stage: str, now: datetime, zone: ZoneInfo, keepers: set[UUID]) -> None:
    """The looker's supervisors, the supervisors of those who keep the file, and the child's lead worker."""
    people = _hearing(look, supervisors_of({look.agency_id, look.review_by_id}, now=now, zone=zone), now)
    if look.case_file is not None:
        lead = Child.objects.unrestricted(because=WHY).filter(case_file=look.case_file_id)
        active = Person.objects.filter(
            pk__in=lead.exclude(lead_worker=None).values("lead_worker"), is_active=True
        )
        keeping = supervisors_of(keepers, now=now, zone=zone) | set(active.values_list("pk", flat=True))
        people |= _hearing(look, keeping, now)
    people_tell(
        about=Notice.About.EMERGENCY, subject=look.pk, stage=stage, people=people - {look.person_id}, now=now
    )


def _hearing(look: EmergencyLook, people: set[UUID], now: datetime) -> set[UUID]:
    """Of these people those who may hear of the look: where the file is restricted, whom it names."""
    return among_named(look.case_file, people, now=now) if look.case_file and people else people


def _logged(verb: Verb, viewer: Viewer, look: EmergencyLook, now: datetime, facts: dict[str, object]) -> None:
    record(
        verb,
        viewer=viewer,
        at=now,
        subject_kind="emergency_look",
        subject=look.pk,
        case_file=look.case_file_id,
        basis="break-glass",
        facts=facts,
    )
