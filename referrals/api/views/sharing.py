"""The API of sharing: who takes part in a case, what is open to whom and why, and the papers on file."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cseccase import clock
from cseccase.api.views import HouseApi
from cseccase.errors import NotVisible, RuleBroken
from referrals.api import serializers
from referrals.choices import PartyKind
from referrals.forms.papers import FORM_OF
from referrals.selectors.case_file import access_case
from referrals.selectors.paper import paper_choices, person_named
from referrals.selectors.sharing import SharingPage, sharing_page
from referrals.services import party as services
from referrals.services.paper import paper_record, paper_revoke

ENDED = {"detail": "Ended. What it opened is closed."}


class _SharingApi(HouseApi):
    """The sharing of one case file, reached through its door by those who keep the file."""

    def _case(self, case_id: UUID, now: datetime) -> Any:
        return access_case(viewer=self.viewer, case_id=case_id, now=now, looked_at="api sharing")

    def _page(self, case_file: Any, now: datetime) -> SharingPage:
        return sharing_page(viewer=self.viewer, case_file=case_file, now=now)

    def _shown(self, case_id: UUID, now: datetime, *, status: int = 200) -> Response:
        """The sharing as it stands; after an act that closed the file to the caller, only that it is done."""
        try:
            page = self._page(self._case(case_id, now), now)
        except NotVisible:
            return Response(ENDED, status=status)
        return Response(_words(page), status=status)


def _words(page: SharingPage) -> dict[str, Any]:
    shown = {
        "may_change": page.may_change,
        "parties": page.parties,
        "papers": page.papers,
        "records": [{"record": name, "open_to": agencies} for name, agencies in page.categories],
    }
    return dict(serializers.SharingOut(shown).data)


class SharingApi(_SharingApi):
    """Who takes part, who may see what on which ground, and the papers on file."""

    actions = {"GET": "sharing.view"}

    @extend_schema(responses=serializers.SharingOut)
    def get(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        return Response(_words(self._page(self._case(case_id, now), now)))


class PartiesApi(_SharingApi):
    """An agency joins the case; what its part opens is open from this moment."""

    actions = {"POST": "party.join"}

    @extend_schema(request=serializers.PartyIn, responses={201: serializers.SharingOut})
    def post(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        case_file = self._case(case_id, now)
        self._page(case_file, now)
        given = serializers.PartyIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        services.party_join(
            viewer=self.viewer,
            case_file=case_file,
            agency=data["agency"],
            kind=PartyKind(data["kind"]),
            evidence=data["evidence"],
            now=now,
        )
        return self._shown(case_id, now, status=201)


class PapersApi(_SharingApi):
    """A paper on file opens one category to one agency, as far as the county's agreement lets such a paper open it."""

    actions = {"POST": "paper.record"}

    @extend_schema(request=serializers.PaperIn, responses={201: serializers.SharingOut})
    def post(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        case_file = self._case(case_id, now)
        self._page(case_file, now)
        given = serializers.PaperIn(data=request.data)
        given.is_valid(raise_exception=True)
        kind = given.validated_data["kind"]
        offered = {one.terms_type.kind: one for one in paper_choices(viewer=self.viewer, now=now)}
        if kind not in offered:
            raise RuleBroken(
                f"Choose a paper that opens records your agency keeps: {', '.join(sorted(offered))}.",
                field="kind",
            )
        form = FORM_OF[kind](
            given.validated_data["answers"],
            agencies=offered[kind].agencies,
            categories=offered[kind].categories,
        )
        if not form.is_valid():
            raise ValidationError({name: [str(one) for one in said] for name, said in form.errors.items()})
        person = person_named(agency=UUID(form.cleaned_data["agency"]), email=form.cleaned_data["person"])
        terms = form.terms(now=now, zone=self.viewer.zone, person=person)
        paper_record(viewer=self.viewer, case_file=case_file, terms=terms, now=now)
        return self._shown(case_id, now, status=201)


class PartyEndApi(_SharingApi):
    """An agency stops taking part: what it saw through it closes at once."""

    actions = {"POST": "party.end"}

    @extend_schema(request=None, responses={200: serializers.SharingOut})
    def post(self, request: Request, case_id: UUID, party_id: UUID) -> Response:
        now = clock.now()
        case_file = self._case(case_id, now)
        services.party_end(viewer=self.viewer, case_file=case_file, party_id=party_id, now=now)
        return self._shown(case_id, now)


class PaperRevokeApi(_SharingApi):
    """A paper is revoked: from this moment it opens nothing."""

    actions = {"POST": "paper.revoke"}

    @extend_schema(request=serializers.RevokeIn, responses={200: serializers.SharingOut})
    def post(self, request: Request, case_id: UUID, paper_id: UUID) -> Response:
        now = clock.now()
        case_file = self._case(case_id, now)
        given = serializers.RevokeIn(data=request.data)
        given.is_valid(raise_exception=True)
        paper_revoke(
            viewer=self.viewer,
            case_file=case_file,
            paper_id=paper_id,
            why=given.validated_data["why"],
            now=now,
        )
        return self._shown(case_id, now)
