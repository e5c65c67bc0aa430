"""Reading who may see what in a case, for those who keep the file or records of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.choices import Role
from agencies.disclosure.categories import BASES, CATEGORY_NAMES, MEETING_MINUTES, OWN_DUTIES
from agencies.models import Agency
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.grants import GrantFacts, live
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.choices import PartyKind
from referrals.models import (
    CaseFile,
    CaseParty,
    FileSection,
    SeatFact,
    SectionGroupGrant,
    SectionUserGrant,
)
from referrals.selectors.paper import PaperSeen, papers_seen
from referrals.services.paper_facts import team_windows, teams_sitting


@dataclass(frozen=True, slots=True)
class MaySee:
    """One recipient's sight of one category: how far, on which ground, until when."""

    agency: str
    how: str
    ground: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Team:
    """The law that one meeting's team shares under, and until when; `lengthens` where the viewer may document cause."""

    meeting: UUID
    members: tuple[str, ...]
    law: str
    until: datetime | None
    is_over: bool
    lengthens: bool


@dataclass(frozen=True, slots=True)
class SharingPage:
    """Who takes part, what is open to whom and why, and the papers on file.

    `lasting` are the parts that cannot end while the file is open: the lead agency's. `may_see_parties` is false for an
    agency that only keeps records of its own: it learns nothing here about anybody else's.
    """

    parties: list[CaseParty]
    lasting: set[UUID]
    papers: list[PaperSeen]
    categories: list[tuple[str, list[MaySee]]]
    teams: list[Team]
    agencies: list[tuple[str, str]]
    may_see_parties: bool
    may_change: bool
    may_record: bool
    may_restrict: bool
    may_seal: bool


def sharing_page(*, viewer: Viewer, case_file: CaseFile, now: datetime) -> SharingPage:
    """Only categories that the viewer sees in full are listed: a row for another would itself tell something.

    Raises `NotVisible` for those who keep neither the file nor a record.
    """
    if not policies.may_see_sharing(viewer):
        raise NotVisible
    record(
        Verb.SHARING_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="case_file",
        subject=case_file.pk,
        case_file=case_file.pk,
    )
    whole_file = policies.may_see_parties(viewer)
    kept = policies.categories_kept(viewer)
    listed = frozenset(CATEGORY_NAMES) if whole_file else kept
    parties = CaseParty.objects.visible_to(viewer).filter(case_file=case_file).select_related("agency")
    standing = list(parties.order_by("until", "since")) if whole_file else []
    return SharingPage(
        parties=standing,
        lasting={
            one.pk
            for one in standing
            if one.agency.role == Role.CHILD_WELFARE and one.kind == PartyKind.ASSIGNMENT
        },
        papers=papers_seen(viewer=viewer, case_file=case_file, now=now, categories=listed),
        categories=_categories(viewer, case_file, listed),
        teams=_teams(viewer, case_file, now),
        agencies=county_agencies(viewer),
        may_see_parties=whole_file,
        may_change=policies.may_change_sharing(viewer),
        may_seal=policies.may_seal(viewer),
        may_restrict=policies.may_restrict(viewer),
        may_record=any(policies.may_authorise(viewer, category) for category in kept),
    )


def county_agencies(viewer: Viewer) -> list[tuple[str, str]]:
    """The county's agencies that may receive records, as choices of a form."""
    rows = Agency.objects.filter(county=viewer.county, is_active=True).exclude(role=Role.STEERING_COMMITTEE)
    return [(str(agency.pk), agency.name) for agency in rows.order_by("name")]


def _categories(
    viewer: Viewer, case_file: CaseFile, listed: Collection[str]
) -> list[tuple[str, list[MaySee]]]:
    sections: dict[UUID, str] = dict(
        FileSection.objects.visible_to(viewer)
        .filter(case_file=case_file, category__in=listed)
        .exclude(category=OWN_DUTIES)
        .values_list("pk", "category")
    )
    because = "who may see what, for those who keep the record"
    found: dict[str, list[MaySee]] = defaultdict(list)
    with acting_because(because):
        groups = SectionGroupGrant.objects.filter(live(), content_object__in=sections).exclude(
            may=GrantFacts.May.WRITE
        )
        for grant in groups.select_related("group__agency").order_by("group__agency__name"):
            found[sections[grant.content_object_id]].append(_may_see(grant, grant.group.agency.name))
        people = SectionUserGrant.objects.filter(live(), content_object__in=sections).exclude(
            may=GrantFacts.May.WRITE
        )
        for grant in people.select_related("user__agency").order_by("user__full_name"):
            name = f"{grant.user.full_name}, {grant.user.agency.name}"
            found[sections[grant.content_object_id]].append(_may_see(grant, name))
    return [(CATEGORY_NAMES[code], found[code]) for code in sorted(found)]


def _may_see(grant: GrantFacts, name: str) -> MaySee:
    return MaySee(
        agency=name,
        how="in full" if grant.may == GrantFacts.May.SEE else "summary",
        ground=BASES.get(grant.basis, grant.basis),
        ends_at=grant.ends_at,
    )


def _teams(viewer: Viewer, case_file: CaseFile, now: datetime) -> list[Team]:
    """The teams whose minutes the viewer reads: nobody else learns that there was a meeting."""
    minutes = FileSection.objects.visible_to(viewer).filter(case_file=case_file, category=MEETING_MINUTES)
    mine = {section.meeting for section in minutes if section.meeting is not None}
    if not mine:
        return []
    because = "the seats of a meeting, for its members"
    with acting_because(because):
        seats = list(
            SeatFact.objects.unrestricted(because=because)
            .filter(case_file=case_file, meeting__in=mine)
            .select_related("agency")
            .order_by("since", "agency__name")
        )
        sitting = teams_sitting(seats, now=now)
        windows = team_windows(case_file=case_file, seats=seats, now=now)
    lengthens = policies.may_authorise(viewer, MEETING_MINUTES)
    return [
        Team(
            meeting=meeting,
            members=tuple(seat.agency.short_name for seat in sitting[meeting]),
            law=window.law,
            until=window.until,
            is_over=window.until is not None and window.until <= now,
            lengthens=lengthens and window.until is not None,
        )
        for meeting, window in windows.items()
    ]
