"""How an entry of the chronology reads to a person. Pure words, no database."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from referrals.choices import Holder, Mode, Tier
from referrals.deadlines import kinds
from referrals.deadlines.register.missing import GROUND_WORDS
from referrals.duty_words import RECIPIENTS
from referrals.kinds import KINDS

_TO = MappingProxyType(
    {
        kinds.CROSS_REPORT_MADE: "Cross-report to {to}",
        kinds.WRITTEN_REPORT_SENT: "Written report sent to {to}",
        kinds.MISSING_REPORTED: "Reported missing to {to}",
        kinds.NOTICE_GIVEN: "Told {to} that the child is missing",
        kinds.NOTICE_NOT_OWED: "No notice owed to {to}",
        kinds.SEARCH_CONTACT_MADE: "Talked with {to} about the missing child",
        kinds.RETURN_TOLD: "Told {to} that the child was located",
        kinds.INDEX_FORM_SENT: "Index form or notice sent to {to}",
        kinds.POLICE_CROSS_REPORTED: "Law enforcement told {to}",
        kinds.POLICE_WROTE: "Law enforcement wrote to {to}",
    }
)

FINDINGS = MappingProxyType(
    {"substantiated": "Substantiated", "inconclusive": "Inconclusive", "unfounded": "Unfounded"}
)
ABUSES = MappingProxyType(
    {"sexual": "Sexual abuse", "physical": "Physical abuse", "other": "Other than sexual or physical abuse"}
)
GROUND_CHOICES = MappingProxyType(
    {
        "none": "The child has nobody of this kind",
        "court_limit": "The court limited or ended notice to them",
        "sibling_safety": "Telling the siblings would be against their safety",
        "not_indian": "The child is not an Indian child",
    }
)
POSSIBLE = MappingProxyType(
    {"yes": "Identified as a victim", "no": "No sign of exploitation", "unclear": "Possible, not clear"}
)
_SAID = (
    ("finding", FINDINGS),
    ("abuse", ABUSES),
    ("possible_victim", POSSIBLE),
    ("ground", GROUND_WORDS),
)


def event_title(kind: str, facts: Mapping[str, object]) -> str:
    """What happened, in a few words, with the recipient where there is one."""
    to = RECIPIENTS.get(str(facts.get("to") or ""))
    pattern = _TO.get(kind)
    if is_voicemail(facts):
        return f"Message left for {to}: not a report" if to else "Message left: not a report"
    return pattern.format(to=to) if pattern and to else KINDS[kind].title


def is_voicemail(facts: Mapping[str, object]) -> bool:
    """Whether nobody answered; a message left reports nothing."""
    return facts.get("outcome") == kinds.VOICEMAIL


def event_detail(kind: str, facts: Mapping[str, object]) -> str:
    """The second line: how, with whom, under which number, what was decided."""
    if kind == kinds.RESPONSE_DECIDED:
        return _decision(facts)
    if kind == kinds.REFERRAL_RECEIVED:
        return "Urgent" if facts.get("urgent") else "Not urgent"
    parts = []
    mode = str(facts.get("mode") or "")
    if mode in Mode.values:
        parts.append(str(Mode(mode).label))
    if facts.get("spoke_to"):
        parts.append(f"spoke to {facts['spoke_to']}")
    if facts.get("reference"):
        parts.append(f"number {facts['reference']}")
    if kind == kinds.DUTY_DROPPED and facts.get("reason"):
        parts.append(str(facts["reason"]))
    parts += [words for fact, table in _SAID if (words := table.get(str(facts.get(fact) or "")))]
    if facts.get("on"):
        parts.append(f"on {facts['on']}")
    if facts.get("contact"):
        parts.append(f"names {facts['contact']}")
    return "; ".join(parts)


def _decision(facts: Mapping[str, object]) -> str:
    tier, holder = str(facts.get("tier") or ""), str(facts.get("jurisdiction") or "")
    parts = [str(Tier(tier).label)] if tier in Tier.values else []
    if words := holder_words(holder, str(facts.get("lead") or "")):
        parts.append(words)
    return "; ".join(parts)


def holder_words(holder: str, lead: str = "") -> str:
    """Whose child it is, as people say it: "Child Welfare", "Both, Probation leads"."""
    if holder not in Holder.values:
        return ""
    words = str(Holder(holder).label)
    return f"{words}, {Holder(lead).label} leads" if lead in Holder.values else words
