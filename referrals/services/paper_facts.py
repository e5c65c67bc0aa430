"""The papers and team windows of a case as the disclosure rule asks for them: only what is whole, agreed and not revoked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max

from agencies.disclosure import facts as rule_facts
from agencies.disclosure.papers.team import TeamWindow, team_window
from referrals.models import CaseFile, GoodCause, Paper, Referral, SeatFact

WHY = "the papers of a case open its sections"


def papers_of(case_file: CaseFile, kinds: Iterable[type[Paper]]) -> list[Paper]:
    """Every paper of these kinds of a case, whoever may see it: for the rule, under a named reason."""
    found: list[Paper] = []
    for kind in kinds:
        rows = kind.objects.unrestricted(because=WHY).filter(case_file=case_file)
        found += list(rows.select_related("agency", "section"))
    return found


def paper_fact(paper: Paper, *, at: datetime) -> rule_facts.AuthorisationFact | None:
    """The rule's own view of one paper; `None` for one that opens nothing at this moment."""
    terms = paper.terms
    if terms.opens_at(at) is None:
        return None
    return rule_facts.AuthorisationFact(
        kind=terms.ground(),
        agency=terms.agency,
        role=paper.agency.role,
        categories=frozenset({terms.category}),
        since=terms.since,
        until=terms.until,
        revoked_at=terms.revoked_at,
        person=terms.person,
        discloser=terms.discloser,
        author=paper.section.author_id,
        section=paper.section_id,
    )


def paper_facts(
    *, case_file: CaseFile, kinds: Iterable[type[Paper]], now: datetime
) -> tuple[rule_facts.AuthorisationFact, ...]:
    """What the papers of these kinds on file for a case open now."""
    found = (paper_fact(paper, at=now) for paper in papers_of(case_file, kinds))
    return tuple(fact for fact in found if fact is not None)


def teams_sitting(seats: Iterable[SeatFact], *, now: datetime) -> dict[UUID, list[SeatFact]]:
    """By meeting, the seats that are taken at this moment."""
    teams: dict[UUID, list[SeatFact]] = {}
    for seat in seats:
        if seat.since <= now and (seat.until is None or now < seat.until):
            teams.setdefault(seat.meeting, []).append(seat)
    return teams


def team_windows(*, case_file: CaseFile, seats: Iterable[SeatFact], now: datetime) -> dict[UUID, TeamWindow]:
    """Under which law each meeting's team shares, and until when: recomputed for every meeting (WIC 18951, 18961.7)."""
    teams = teams_sitting(seats, now=now)
    if not teams:
        return {}
    causes = dict(
        GoodCause.objects.unrestricted(because=WHY)
        .filter(case_file=case_file, meeting__in=teams)
        .values("meeting")
        .annotate(last=Max(F("until")))
        .values_list("meeting", "last")
    )
    reported = Referral.objects.unrestricted(because=WHY).filter(case_file=case_file, received_at__lte=now)
    reported_at = reported.aggregate(last=Max("received_at"))["last"]
    return {
        meeting: team_window(seats=team, reported_at=reported_at, good_cause_until=causes.get(meeting))
        for meeting, team in teams.items()
    }
