"""Reading who may see what in a case, for those who keep the file."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.choices import Role
from agencies.disclosure.categories import BASES, CATEGORY_NAMES, OWN_DUTIES, WRITERS
from agencies.models import Agency
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.grants import GrantFacts, live
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.choices import PartyKind
from referrals.models import Authorisation, CaseFile, CaseParty, FileSection, SectionGroupGrant


@dataclass(frozen=True, slots=True)
class MaySee:
    """One agency's sight of one category: how far, on which ground, until when."""

    agency: str
    how: str
    ground: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class SharingPage:
    """Who takes part, what is open to whom and why, and the papers on file, each with its ground and record in words.

    `lasting` are the parts that cannot end while the file is open: the lead agency's.
    """

    parties: list[CaseParty]
    lasting: set[UUID]
    papers: list[tuple[Authorisation, str, str]]
    categories: list[tuple[str, list[MaySee]]]
    agencies: list[tuple[str, str]]
    paper_categories: list[str]
    may_change: bool


def sharing_page(*, viewer: Viewer, case_file: CaseFile, now: datetime) -> SharingPage:
    """Only categories that the viewer sees in full are listed: a row for another would itself tell something.

    Raises `NotVisible` for those who do not keep the file.
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
    parties = CaseParty.objects.visible_to(viewer).filter(case_file=case_file).select_related("agency")
    papers = Authorisation.objects.visible_to(viewer).filter(case_file=case_file).select_related("agency")
    agencies = Agency.objects.filter(county=viewer.county, is_active=True).exclude(role="SC").order_by("name")
    standing = list(parties.order_by("until", "since"))
    return SharingPage(
        parties=standing,
        lasting={
            one.pk
            for one in standing
            if one.agency.role == Role.CHILD_WELFARE and one.kind == PartyKind.ASSIGNMENT
        },
        papers=[
            (paper, BASES.get(paper.kind, paper.kind), CATEGORY_NAMES[paper.category])
            for paper in papers.order_by("-since")
        ],
        categories=_categories(viewer, case_file),
        agencies=[(str(agency.pk), agency.name) for agency in agencies],
        paper_categories=sorted(code for code, roles in WRITERS.items() if viewer.role in roles),
        may_change=policies.may_change_sharing(viewer),
    )


def _categories(viewer: Viewer, case_file: CaseFile) -> list[tuple[str, list[MaySee]]]:
    sections: dict[UUID, str] = dict(
        FileSection.objects.visible_to(viewer)
        .filter(case_file=case_file)
        .exclude(category=OWN_DUTIES)
        .values_list("pk", "category")
    )
    because = "who may see what, for those who keep the file"
    with acting_because(because):
        grants = (
            SectionGroupGrant.objects.filter(live(), content_object__in=sections)
            .exclude(may=GrantFacts.May.WRITE)
            .select_related("group__agency")
            .order_by("group__agency__name")
        )
        found: dict[str, list[MaySee]] = defaultdict(list)
        for grant in grants:
            found[sections[grant.content_object_id]].append(
                MaySee(
                    agency=grant.group.agency.name,
                    how="in full" if grant.may == GrantFacts.May.SEE else "summary",
                    ground=BASES.get(grant.basis, grant.basis),
                    ends_at=grant.ends_at,
                )
            )
    return [(CATEGORY_NAMES[code], found[code]) for code in sorted(found)]
