"""A child is missing, and a child is found (Penal Code 11166(j)(3); WIC 16501.35)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from referrals import policies
from referrals.choices import Answer, ServicesSituation
from referrals.deadlines import kinds
from referrals.deadlines.register.missing import NOTICE_GROUNDS
from referrals.duty_words import RECIPIENTS
from referrals.models import CaseEvent, CaseFile, Child, MissingEpisode, StatusField, Whereabouts
from referrals.services.event import event_record
from referrals.services.referral import services_fact
from referrals.services.sharing import SectionKey, case_lock, section_to_write

FOSTER = frozenset(
    {
        ServicesSituation.FOSTER_CARE,
        ServicesSituation.EXTENDED_IV_E,
        ServicesSituation.EXTENDED_OTHER,
        ServicesSituation.RUN_NOT_DISCHARGED,
    }
)
"""Situations in which a missing child is missing from foster care (WIC 16501.35(c))."""


@dataclass(frozen=True, slots=True)
class MissingSaid:
    """What was said of a missing child. `told_at` is when somebody of the agency was told; every clock runs from it.

    `not_owed` maps a recipient of the nine notices to the ground on which it is owed none.
    """

    told_at: datetime
    last_seen_at: datetime | None = None
    last_seen_place: str = ""
    description: str = ""
    endangerment: str = ""
    indian_child: Answer = Answer.NOT_KNOWN
    tribe: str = ""
    not_owed: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def missing_record(
    *, viewer: Viewer, case_file: CaseFile, said: MissingSaid, now: datetime
) -> MissingEpisode:
    """The child is missing: police and the National Center must each be told, at once, by separate reports.

    A child in foster care has nine notices beside. Raises `NotAllowed` for agencies that do not report, `RuleBroken`
    while another episode is open, or for a notice that no ground spares.
    """
    _require(viewer)
    for owed_to, ground in said.not_owed.items():
        refuse_ground(owed_to, ground)
    case_lock(case_file.pk)
    if _open_episode(viewer, case_file) is not None:
        raise RuleBroken(
            "This child is recorded as missing already. Record first that the child was located."
        )
    if said.last_seen_at is not None and said.last_seen_at > now:
        raise RuleBroken(
            "This is in the future. Give the time when the child was last seen.", field="last_seen_at"
        )
    child = Child.objects.visible_to(viewer).filter(case_file=case_file).first()
    _child_told(child, said)
    event = event_record(
        viewer=viewer,
        case_file=case_file,
        kind=kinds.WENT_MISSING,
        occurred_at=said.told_at,
        received_at=said.told_at,
        now=now,
        facts=_facts(viewer, case_file, child, said, now),
    )
    episode = MissingEpisode(
        section=event.section,
        case_file=case_file,
        began=event,
        last_seen_at=said.last_seen_at,
        last_seen_place=said.last_seen_place,
        description=said.description,
        endangerment=said.endangerment,
    )
    episode.save()
    _written(viewer, case_file, episode, now)
    return episode


@transaction.atomic
def child_locate(
    *,
    viewer: Viewer,
    case_file: CaseFile,
    located_at: datetime,
    now: datetime,
    note: str = "",
    place: str = "",
) -> CaseEvent:
    """The child was located. Reports still owed stay owed: both recipients must also hear of this.

    Raises `RuleBroken` when no episode is open or the time lies before the child went missing.
    """
    _require(viewer)
    case_lock(case_file.pk)
    episode = _open_episode(viewer, case_file)
    if episode is None:
        raise RuleBroken("This child is not recorded as missing, so nothing has to be closed.")
    if episode.last_seen_at is not None and located_at < episode.last_seen_at:
        raise RuleBroken(
            "This is before the child was last seen. Check the day and the time.", field="located_at"
        )
    event = event_record(
        viewer=viewer,
        case_file=case_file,
        kind=kinds.CHILD_LOCATED,
        occurred_at=located_at,
        now=now,
        facts={"episode": str(episode.pk), "in_foster_care": _ran_from_care(episode)},
        note=note,
    )
    episode.located_at = located_at
    episode.save()
    if place.strip():
        section = section_to_write(case_file=case_file, key=SectionKey("r19"), viewer=viewer, now=now)
        Whereabouts(section=section, place=place.strip(), said_at=located_at).save()
    _written(viewer, case_file, episode, now)
    return event


@transaction.atomic
def notice_spare(
    *,
    viewer: Viewer,
    case_file: CaseFile,
    owed_to: str,
    ground: str,
    reason: str,
    decided_at: datetime,
    now: datetime,
) -> CaseEvent:
    """One of the nine notices is not owed: nobody is there to tell, the court limited it, or it would harm a sibling.

    Raises `RuleBroken` without a reason or on a ground that the law does not know for this recipient.
    """
    _require(viewer)
    refuse_ground(owed_to, ground)
    if not reason.strip():
        raise RuleBroken("Say what this rests on: the order and its date, or who said so.", field="note")
    return event_record(
        viewer=viewer,
        case_file=case_file,
        kind=kinds.NOTICE_NOT_OWED,
        occurred_at=decided_at,
        facts={"to": owed_to, "ground": ground},
        note=reason.strip(),
        now=now,
    )


def refuse_ground(owed_to: str, ground: str) -> None:
    """Raises `RuleBroken` for a notice that this ground does not spare (WIC 16501.35(b)(2)(F))."""
    if ground not in NOTICE_GROUNDS.get(owed_to, frozenset()):
        who = RECIPIENTS.get(owed_to, "this recipient")
        raise RuleBroken(
            f"The law does not spare a notice to {who} on this ground. Choose another, or give the notice.",
            field="ground",
        )


def episode_follows(*, viewer: Viewer, entry: CaseEvent, now: datetime) -> None:
    """A withdrawn entry takes its consequence back: the episode it opened ends, the one it closed is open again."""
    episodes = MissingEpisode.objects.visible_to(viewer).filter(case_file=entry.case_file_id)
    if entry.kind == kinds.WENT_MISSING:
        episode = episodes.filter(began__root=entry.root, located_at=None).first()
        if episode is not None:
            episode.located_at = now
            episode.save()
    elif entry.kind == kinds.CHILD_LOCATED and not episodes.filter(located_at=None).exists():
        episode = episodes.filter(pk=entry.facts.get("episode")).first()
        if episode is not None:
            episode.located_at = None
            episode.save()


def _require(viewer: Viewer) -> None:
    policies.require(
        policies.may_record_missing(viewer),
        rule="That a child is missing is recorded by Child Welfare and Probation, who must report it.",
        opens="Tell them at once: the hotline answers at every hour.",
        ask="Call the county's hotline.",
    )


def _open_episode(viewer: Viewer, case_file: CaseFile) -> MissingEpisode | None:
    return MissingEpisode.objects.visible_to(viewer).filter(case_file=case_file, located_at=None).first()


def _ran_from_care(episode: MissingEpisode) -> bool | None:
    said: bool | None = episode.began.facts.get("in_foster_care")
    return said


def _child_told(child: Child | None, said: MissingSaid) -> None:
    """Whether the child is or may be an Indian child belongs to the child, not to one episode; a known answer stays."""
    if child is None or (said.indian_child == Answer.NOT_KNOWN and not said.tribe):
        return
    if said.indian_child != Answer.NOT_KNOWN:
        child.indian_child = said.indian_child
    child.tribe = said.tribe or child.tribe
    child.save()


def _facts(
    viewer: Viewer, case_file: CaseFile, child: Child | None, said: MissingSaid, now: datetime
) -> dict[str, object]:
    """What the reporting rules ask. A missing answer stays unknown, and unknown counts as owed."""
    has_status = StatusField.objects.visible_to(viewer).filter(case_file=case_file).exists()
    indian_child = child.indian_child if child is not None else said.indian_child
    return {
        "receives_services": services_fact(child, now=now, county=case_file.county) if child else None,
        "victim_or_at_risk": True if has_status else None,
        "in_foster_care": foster_fact(child),
        "indian_child": str(indian_child),
        "not_owed": dict(said.not_owed),
    }


def foster_fact(child: Child | None) -> bool | None:
    """Whether the child is in foster care or ran from it; None while not known."""
    if child is None or child.services == ServicesSituation.NOT_KNOWN:
        return None
    return child.services in FOSTER


def _written(viewer: Viewer, case_file: CaseFile, episode: MissingEpisode, now: datetime) -> None:
    record(
        Verb.RECORD_WRITTEN,
        viewer=viewer,
        at=now,
        subject_kind="missing_episode",
        subject=episode.pk,
        case_file=case_file.pk,
        category="r20",
    )
