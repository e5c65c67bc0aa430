"""Reading requests for access: what I asked for, what I am to answer, and the door to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from agencies.choices import Duty
from agencies.disclosure.categories import BASES, CATEGORY_NAMES, WRITERS
from agencies.disclosure.papers import answers
from agencies.disclosure.papers.own_word import NeedTerms
from agencies.selectors.protocol import matrix_in_force
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.models import AccessRequest, CaseFile
from referrals.services.request import askable

PAGE = 25
OWED_LIMIT = 50
WAITING, APPROVED, NOT_GRANTED, OVERDUE = "waiting", "approved", "not_granted", "overdue"


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as one viewer may read it. To the asker "denied", "lapsed" and "no such file" are one state at one moment."""

    request: AccessRequest
    state: str
    record_name: str


@dataclass(frozen=True, slots=True)
class RequestList:
    """A page of requests: one's own, or those to answer."""

    lines: Sequence[RequestLine]
    page: int
    has_older: bool
    to_answer: int


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request. `ground` is the paper that the agreement asks for, in words; empty for the asker.

    `makes_need`: a yes logs the need itself; any other paper is put on file first.
    """

    line: RequestLine
    is_mine: bool
    may_answer: bool
    may_approve: bool
    makes_need: bool
    ground: str
    may_open_case: bool


def request_list(*, viewer: Viewer, now: datetime, answering: bool, page: int = 1) -> RequestList:
    """One's own requests newest first, or those to answer, the longest waiting first; the look is recorded."""
    page = max(page, 1)
    rows = _to_answer(viewer) if answering else _mine(viewer)
    ordered = rows.order_by("answered_at", "due_at", "id") if answering else rows.order_by("-asked_at", "-id")
    found = list(ordered[(page - 1) * PAGE : page * PAGE + 1])
    shown = found[:PAGE]
    record(
        Verb.ACCESS_LISTED,
        viewer=viewer,
        at=now,
        subject_kind="access_request",
        facts={"ids": [str(row.pk) for row in shown]},
    )
    return RequestList(
        [_line(row, viewer, now) for row in shown],
        page,
        len(found) > PAGE,
        _to_answer(viewer).filter(answer="").count(),
    )


def request_page(*, viewer: Viewer, request_id: UUID, now: datetime) -> RequestPage:
    """The door to one request. Raises `NotVisible`; the look is recorded."""
    request = _rows(viewer).filter(pk=request_id).first()
    if request is None:
        raise NotVisible
    mine = request.asked_by_id == viewer.person
    record(
        Verb.ACCESS_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="access_request",
        subject=request.pk,
        case_file=None if mine else request.case_file_id,
        category=request.category,
    )
    may_answer = (
        not mine and request.answer == "" and policies.may_answer_request(viewer, asker=request.asked_by_id)
    )
    cell = matrix_in_force(viewer.county, now=now).cell(request.category, request.agency.role)
    return RequestPage(
        line=_line(request, viewer, now),
        is_mine=mine,
        may_answer=may_answer,
        may_approve=may_answer
        and policies.may_authorise(viewer, request.category)
        and request.category in askable(matrix_in_force(viewer.county, now=now), request.agency.role),
        makes_need=NeedTerms.kind in answers(cell.basis),
        ground="" if mine else BASES.get(cell.basis, cell.basis),
        may_open_case=(not mine or request.answer == AccessRequest.Answer.APPROVED)
        and request.case_file_id is not None
        and CaseFile.objects.visible_to(viewer).filter(pk=request.case_file_id).exists(),
    )


def requests_owed(*, viewer: Viewer) -> list[AccessRequest]:
    """What this supervisor's agency is to answer, the soonest due first."""
    if not viewer.has_duty(Duty.SUPERVISOR) or not viewer.groups:
        return []
    return list(_to_answer(viewer).filter(answer="").order_by("due_at", "pk")[:OWED_LIMIT])


def categories_to_ask(*, viewer: Viewer, now: datetime) -> list[tuple[str, str, str]]:
    """What this person may ask for: code, name, and the paper that the agreement asks for."""
    matrix = matrix_in_force(viewer.county, now=now)
    return [
        (code, CATEGORY_NAMES[code], BASES[matrix.cell(code, viewer.role).basis])
        for code in askable(matrix, viewer.role)
    ]


def _rows(viewer: Viewer) -> QuerySet[AccessRequest]:
    return AccessRequest.objects.visible_to(viewer).select_related("asked_by", "agency", "answered_by")


def _mine(viewer: Viewer) -> QuerySet[AccessRequest]:
    return _rows(viewer).filter(asked_by=viewer.person)


def _to_answer(viewer: Viewer) -> QuerySet[AccessRequest]:
    """Not one's own; those whose records this agency keeps, and those of files it keeps (all that are visible)."""
    kept = [code for code, roles in WRITERS.items() if viewer.role in roles]
    others = _rows(viewer).exclude(asked_by=viewer.person).exclude(case_file=None)
    return others if viewer.role in policies.REFERRAL_ROLES else others.filter(Q(category__in=kept))


def _line(request: AccessRequest, viewer: Viewer, now: datetime) -> RequestLine:
    mine = request.asked_by_id == viewer.person
    if request.answer == AccessRequest.Answer.APPROVED:
        state = APPROVED
    elif request.answer and not (mine and now < request.lapses_at):
        state = NOT_GRANTED
    else:
        state = OVERDUE if not mine and request.due_at < now else WAITING
    return RequestLine(request, state, CATEGORY_NAMES[request.category])
