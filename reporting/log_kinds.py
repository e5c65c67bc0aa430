"""What the access log can say, in the words of a review: kinds of acts to filter by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cseccase.audit.verbs import Verb


@dataclass(frozen=True, slots=True)
class LogKind:
    """One kind of act and the verbs it covers."""

    key: str
    label: str
    verbs: frozenset[Verb]


REFUSED: Final = LogKind("refused", "Was refused", frozenset({Verb.REFUSED, Verb.NOT_FOUND}))
SENT_OUT: Final = LogKind(
    "sent_out",
    "Printed or downloaded",
    frozenset(v for v in Verb if v.value.endswith((".printed", ".exported"))),
)
LISTED: Final = LogKind(
    "listed",
    "Saw in a list or searched",
    frozenset(v for v in Verb if v.value.endswith(("listed", "searched"))),
)
REVIEWED: Final = LogKind(
    "reviewed",
    "Reviewed the log or what changed",
    frozenset({Verb.LOG_VIEWED, Verb.HISTORY_VIEWED, Verb.LOOKS_REVIEWED}),
)
OPENED: Final = LogKind(
    "opened",
    "Opened",
    frozenset(v for v in Verb if v.value.endswith((".viewed", ".name_shown"))) - REVIEWED.verbs,
)
WROTE: Final = LogKind(
    "wrote",
    "Wrote or changed",
    frozenset(Verb) - REFUSED.verbs - SENT_OUT.verbs - LISTED.verbs - REVIEWED.verbs - OPENED.verbs,
)
KINDS: Final = (OPENED, WROTE, SENT_OUT, LISTED, REFUSED, REVIEWED)


def kind_of(key: str) -> LogKind | None:
    """The kind of that key, or None for every kind."""
    return next((kind for kind in KINDS if kind.key == key), None)
