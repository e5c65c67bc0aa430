"""The API of the six status fields and the special project codes: the State's refusals and warnings as on the page."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cseccase import clock
from cseccase.api.views import HouseApi
from cseccase.errors import Doubted, NotVisible, Oddity, RuleBroken
from referrals import policies
from referrals.api import serializers
from referrals.choices import Answer
from referrals.selectors.case_file import access_case
from referrals.selectors.status import StatusPage, status_page, suggestion_of
from referrals.services import status as services
from referrals.status_rules import STATUSES, status_errors

LOOKED_AT = "api status"


class _StatusApi(HouseApi):
    """A child's status, reached through the case file's door."""

    def _page(self, case_id: UUID, now: datetime) -> StatusPage:
        case_file = access_case(viewer=self.viewer, case_id=case_id, now=now, looked_at=LOOKED_AT)
        return status_page(viewer=self.viewer, case_file=case_file, now=now)

    def _page_to_write(self, case_id: UUID, now: datetime) -> StatusPage:
        page = self._page(case_id, now)
        policies.require_status_keeper(page.may_write)
        return page

    def _shown(self, case_id: UUID, now: datetime, *, status: int = 200) -> Response:
        page = self._page(case_id, now)
        shown = {
            "may_write": page.may_write,
            "identified_at": page.identified_at,
            "lines": page.lines,
            "codes": page.codes,
            "choices": list(STATUSES.values()) if page.may_write else [],
        }
        return Response(serializers.StatusOut(shown).data, status=status)


class CaseStatusApi(_StatusApi):
    """The rows of a child's status as history, with what may be chosen; and setting a new one."""

    actions = {"GET": "status.view", "POST": "status.set"}

    @extend_schema(responses=serializers.StatusOut)
    def get(self, request: Request, case_id: UUID) -> Response:
        return self._shown(case_id, clock.now())

    @extend_schema(request=serializers.StatusIn, responses={201: serializers.StatusOut})
    def post(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        page = self._page_to_write(case_id, now)
        given = serializers.StatusIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        sure = data.pop("sure")
        said = services.StatusSaid(**{**data, "reported_to_police": Answer(data["reported_to_police"])})
        self._refuse_wrong(page, said)
        doubts = services.status_doubts(viewer=self.viewer, case_file=page.case_file, said=said, now=now)
        if doubts and not sure:
            raise Doubted([Oddity(one.code, one.field, one.message) for one in doubts], sure="sure")
        services.status_set(viewer=self.viewer, case_file=page.case_file, said=said, now=now)
        return self._shown(case_id, now, status=201)

    def _refuse_wrong(self, page: StatusPage, said: services.StatusSaid) -> None:
        """What the State would refuse is said before anybody is asked for second thoughts."""
        born_on = page.child.born_on if page.child is not None else None
        for problem in status_errors(said.code, said.started_on, said.ended_on, (), born_on):
            raise RuleBroken(problem.message, field=problem.field)


class StatusSuggestionApi(_StatusApi):
    """What the State's decision table points to. It writes nothing; a person decides."""

    actions = {"POST": "status.suggest"}

    @extend_schema(request=serializers.SuggestIn, responses={200: serializers.SuggestionOut})
    def post(self, request: Request, case_id: UUID) -> Response:
        self._page_to_write(case_id, clock.now())
        given = serializers.SuggestIn(data=request.data)
        given.is_valid(raise_exception=True)
        known = {Answer.YES: True, Answer.NO: False}
        found = suggestion_of({name: known.get(Answer(said)) for name, said in given.validated_data.items()})
        shown = {"code": found.code if found else None, "reason": found.reason if found else None}
        return Response(serializers.SuggestionOut(shown).data)


class StatusEndApi(_StatusApi):
    """Ends one row. The row stays in the history with its last day."""

    actions = {"POST": "status.end"}

    @extend_schema(request=serializers.EndIn, responses={200: serializers.StatusOut})
    def post(self, request: Request, case_id: UUID, status_id: UUID) -> Response:
        now = clock.now()
        page = self._page(case_id, now)
        if all(line.id != status_id or line.row is None for line in page.lines):
            raise NotVisible
        policies.require_status_keeper(page.may_write)
        services.status_end(
            viewer=self.viewer,
            case_file=page.case_file,
            status_id=status_id,
            ended_on=_last_day(request),
            now=now,
        )
        return self._shown(case_id, now)


class ProjectCodeEndApi(_StatusApi):
    """Ends a special project code once the referral is investigated (ACL 16-74)."""

    actions = {"POST": "project_code.end"}

    @extend_schema(request=serializers.EndIn, responses={200: serializers.StatusOut})
    def post(self, request: Request, case_id: UUID, code_id: UUID) -> Response:
        now = clock.now()
        page = self._page(case_id, now)
        if all(code.pk != code_id for code in page.codes):
            raise NotVisible
        policies.require_status_keeper(page.may_write)
        services.project_code_end(
            viewer=self.viewer,
            case_file=page.case_file,
            code_id=code_id,
            ended_on=_last_day(request),
            now=now,
        )
        return self._shown(case_id, now)


def _last_day(request: Request) -> date:
    given = serializers.EndIn(data=request.data)
    given.is_valid(raise_exception=True)
    day: date = given.validated_data["ended_on"]
    return day
