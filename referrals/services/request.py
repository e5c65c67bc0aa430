"""Asking for access, and answering: for everything that is less urgent than an emergency.

What is asked for is one category that the county's agreement opens to the asker's role on a paper. The answer of the
agency that keeps those records makes that paper, with its end; the sharing rule does the rest. To the person who asks,
a file that is not there and one that is not opened look the same, at the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from agencies.disclosure.categories import BASIS_MDT, WRITERS
from agencies.disclosure.matrix import Access, Matrix
from agencies.disclosure.papers import answers
from agencies.disclosure.papers.own_word import NeedTerms
from agencies.models import Agency, Notice
from agencies.selectors.protocol import matrix_in_force
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, Refusal, RuleBroken
from referrals import policies
from referrals.business_days import business_days_after
from referrals.models import AccessRequest, CaseFile, CaseParty
from referrals.selectors.paper import paper_in_force
from referrals.services.emergency import OVERDUE, keepers_of, number_read
from referrals.services.named import among_named
from referrals.services.paper import paper_record, require_paper
from referrals.services.sharing import case_lock
from referrals.services.telling import people_tell, supervisors_of

WHY = "a request for access finds its way to those who keep the file"
ANSWER_WITHIN, LAPSES_AFTER = 2, 5
"""Business days in which a request is due an answer, and after which it lapses."""
ANSWERED = "answered"
WAITING_AT_MOST = 10
LONGEST = timedelta(days=366)
WORDS_AT_LEAST = 10
PAPERS = frozenset({"youth", "ROI", "P2", "CO", "CASA", "own-client", "need", "CFT", "827K", "827V", "827E"})
"""Grounds of the matrix that a paper on file can meet. A seat, a privilege and a seal are opened in other ways."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for: records of one category in the file of a number, why, and until when."""

    number: str
    category: str
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer and its reason, kept with the record. A yes to a stated need says its task, its end and where it lies."""

    approve: bool
    words: str
    task: str = ""
    evidence: str = ""
    until: datetime | None = None


def askable(matrix: Matrix, role: str) -> list[str]:
    """The categories that this role may ask for: those that the agreement opens to it once a paper is on file."""
    found = []
    for category in WRITERS:
        cell = matrix.cell(category, role)
        if cell.access is Access.AUTHORISED and cell.basis != BASIS_MDT and cell.basis in PAPERS:
            found.append(category)
    return sorted(found)


@transaction.atomic
def request_ask(*, viewer: Viewer, asked: Asked, now: datetime) -> AccessRequest:
    """Puts the request before those who keep the records. A number that no file has is taken the same way.

    Raises `NotAllowed` for people who do not work cases or have too many requests waiting, `RuleBroken` for what is
    not asked for in this way.
    """
    policies.require_work(viewer)
    number = number_read(asked.number)
    if asked.category not in askable(matrix_in_force(viewer.county, now=now), viewer.role):
        raise RuleBroken("The agreement opens these records to your agency on no paper.", field="category")
    if len(asked.reason.strip()) < WORDS_AT_LEAST:
        raise RuleBroken("Write in a sentence what you need it for.", field="reason")
    if not now < asked.until <= now + LONGEST:
        raise RuleBroken("Choose a last day within a year from today.", field="until")
    with acting_because(WHY):
        case_lock(viewer.person)
        _refuse_many(viewer, number, asked.category, now)
        files = CaseFile.objects.unrestricted(because=WHY).filter(county=viewer.county, number=number)
        case_file = files.select_related("county").first()
        zone = ZoneInfo(viewer.zone)
        request = AccessRequest(
            number=number,
            case_file=case_file,
            asked_by_id=viewer.person,
            agency_id=viewer.agency,
            category=asked.category,
            reason=asked.reason.strip()[:600],
            wanted_until=asked.until,
            asked_at=now,
            due_at=business_days_after(now, ANSWER_WITHIN, zone),
            lapses_at=business_days_after(now, LAPSES_AFTER, zone),
        )
        request.save()
        people_tell(
            about=Notice.About.REQUEST,
            subject=request.pk,
            stage="asked",
            people=_answerers(request, now, zone),
            now=now,
        )
    _logged(Verb.ACCESS_ASKED, viewer, request, now)
    return request


@transaction.atomic
def request_answer(*, viewer: Viewer, request_id: UUID, answered: Answered, now: datetime) -> AccessRequest:
    """A supervisor's answer, given once. A yes puts the paper on file, no longer than was asked for, and is told at once.

    A no is told when the request would have lapsed, as for a number that no file has: its moment would tell the two apart.

    Raises `NotVisible`, `NotAllowed` where the agency does not keep these records, `RuleBroken`.
    """
    rows = AccessRequest.objects.visible_to(viewer).filter(pk=request_id, case_file__isnull=False)
    with acting_because(WHY):
        request = rows.select_for_update(of=("self",)).select_related("case_file__county", "agency").first()
    if request is None:
        raise NotVisible
    policies.require_answer(viewer, asker=request.asked_by_id)
    if request.answer:
        raise RuleBroken("This request was answered already. The first answer stands.")
    if len(answered.words.strip()) < WORDS_AT_LEAST:
        raise RuleBroken("Write in a sentence why.", field="words")
    if answered.approve:
        request.paper = _paper(viewer, request, answered, now)
    with acting_because(WHY):
        request.answer = AccessRequest.Answer.APPROVED if answered.approve else AccessRequest.Answer.DENIED
        request.answered_at, request.answered_by_id = now, viewer.person
        request.answer_words = answered.words.strip()[:600]
        request.save()
        if answered.approve:
            _tell_asker(request, now)
    _logged(Verb.ACCESS_ANSWERED, viewer, request, now, answer=request.answer)
    return request


def requests_settle(*, now: datetime, batch: int = 200) -> int:
    """Ends what nobody can or did answer, tells every no, and reminds of what is overdue. Safe to run twice, and beside itself."""
    with acting_because(WHY), transaction.atomic():
        requests = AccessRequest.objects.unrestricted(because=WHY)
        waiting, denied = requests.filter(answer=""), requests.filter(answer=AccessRequest.Answer.DENIED)
        untold = denied.exclude(Exists(Notice.objects.filter(subject=OuterRef("pk"), stage=ANSWERED)))
        over = [
            request
            for rows in (waiting, untold)
            for request in rows.filter(lapses_at__lte=now)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("agency__county")
            .order_by("lapses_at")[:batch]
        ]
        for request in sorted(over, key=lambda one: (one.lapses_at, one.pk)):
            if not request.answer:
                request.answer, request.answered_at = AccessRequest.Answer.LAPSED, now
                request.save()
            _tell_asker(request, now)
        late = (
            waiting.filter(case_file__isnull=False, due_at__lt=now, lapses_at__gt=now)
            .exclude(Exists(Notice.objects.filter(subject=OuterRef("pk"), stage=OVERDUE)))
            .select_related("agency__county")
        )
        for request in late.order_by("due_at")[:batch]:
            people_tell(
                about=Notice.About.REQUEST,
                subject=request.pk,
                stage=OVERDUE,
                people=_answerers(request, now, ZoneInfo(request.agency.county.zone)),
                now=now,
                escalated=True,
            )
    return len(over)


def _refuse_many(viewer: Viewer, number: str, category: str, now: datetime) -> None:
    """What was denied and not told yet still waits, as far as the person who asked can find out."""
    mine = AccessRequest.objects.unrestricted(because=WHY).filter(asked_by=viewer.person)
    waiting = mine.filter(Q(answer="") | Q(answer=AccessRequest.Answer.DENIED, lapses_at__gt=now))
    if waiting.filter(number=number, category=category).exists():
        raise RuleBroken("You asked for this already, and the answer is not there yet.")
    if waiting.count() >= WAITING_AT_MOST:
        raise NotAllowed(
            Refusal(
                rule=f"{WAITING_AT_MOST} of your requests wait for an answer.",
                opens="When some of them are answered, you can ask again.",
                ask="Telephone the agency that keeps the file.",
            )
        )


def _answerers(request: AccessRequest, now: datetime, zone: ZoneInfo) -> set[UUID]:
    """Supervisors of the agencies in the case that keep these records; where there is none, of those that keep the file."""
    if request.case_file is None:
        return set()
    parties = CaseParty.objects.unrestricted(because=WHY).filter(case_file=request.case_file, until=None)
    roles = WRITERS.get(request.category, frozenset())
    agencies = set(
        Agency.objects.filter(pk__in=parties.values("agency"), role__in=roles).values_list("pk", flat=True)
    )
    people = supervisors_of(agencies, now=now, zone=zone) - {request.asked_by_id}
    if not people:
        keepers = keepers_of(request.case_file, now=now)
        people = supervisors_of(keepers, now=now, zone=zone) - {request.asked_by_id}
    return among_named(request.case_file, people, now=now) - {request.asked_by_id}


def _paper(viewer: Viewer, request: AccessRequest, answered: Answered, now: datetime) -> UUID:
    """The paper that a yes rests on: a logged need is made by the yes itself, any other lies on file before."""
    case_file = request.case_file
    if case_file is None:
        raise NotVisible
    require_paper(viewer=viewer, category=request.category)
    cell = matrix_in_force(case_file.county_id, now=now).cell(request.category, request.agency.role)
    if NeedTerms.kind not in answers(cell.basis):
        found = paper_in_force(
            viewer=viewer,
            case_file=case_file,
            category=request.category,
            recipient=(request.agency_id, request.asked_by_id),
            grounds=answers(cell.basis),
            now=now,
        )
        if found is None:
            raise RuleBroken(
                "Put the paper on file first, on the case file’s page “Sharing”. Then answer yes.",
                field="answer",
            )
        return found
    if answered.until is None or not now < answered.until <= request.wanted_until:
        raise RuleBroken("Choose a last day, no later than was asked for.", field="until")
    need = NeedTerms(
        category=request.category,
        agency=request.agency_id,
        since=now,
        evidence=answered.evidence,
        until=answered.until,
        task=answered.task,
        purpose=request.reason[:300],
    )
    return UUID(str(paper_record(viewer=viewer, case_file=case_file, terms=need, now=now).pk))


def _tell_asker(request: AccessRequest, now: datetime) -> None:
    people_tell(
        about=Notice.About.REQUEST,
        subject=request.pk,
        stage=ANSWERED,
        people=[request.asked_by_id],
        now=now,
    )


def _logged(verb: Verb, viewer: Viewer, request: AccessRequest, now: datetime, **facts: object) -> None:
    """What the asker did names no file: their own log would tell them whether the number has one."""
    record(
        verb,
        viewer=viewer,
        at=now,
        subject_kind="access_request",
        subject=request.pk,
        case_file=None if viewer.person == request.asked_by_id else request.case_file_id,
        category=request.category,
        facts=facts,
    )
