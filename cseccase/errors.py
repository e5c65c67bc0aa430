"""What can go wrong, as three kinds of answer.

`NotVisible` becomes 404, `NotAllowed` 403, `RuleBroken` 409. Hidden and absent are the same `NotVisible`, so that
nobody can learn from an answer that a record exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class HouseError(Exception):
    """An answer the product gives on purpose; its words are shown to the person."""

    status = 400

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotVisible(HouseError):
    """There is nothing here for this viewer: hidden and absent look the same."""

    status = 404

    def __init__(self) -> None:
        super().__init__("There is nothing here for you under this address.")


@dataclass(frozen=True)
class Refusal:
    """Why an act is refused: the rule, what would open it, and whom to ask."""

    rule: str
    opens: str
    ask: str


class NotAllowed(HouseError):
    """The viewer sees the record, but may not do this with it."""

    status = 403

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.rule} {refusal.opens} {refusal.ask}".strip())
        self.refusal = refusal


class RuleBroken(HouseError):
    """The act would break a rule of the protocol or of the data; the message says how to mend it."""

    status = 409

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Oddity:
    """What looks odd about an answer that no rule forbids: a code for programs, the question, and a sentence."""

    code: str
    field: str
    message: str


class Doubted(RuleBroken):
    """Something looks odd, and may be done all the same by somebody who has read that and says so."""

    def __init__(self, oddities: Sequence[Oddity], *, sure: str) -> None:
        words = " ".join(oddity.message for oddity in oddities)
        super().__init__(f"{words} If it is right all the same, send it again with “{sure}”.", field=sure)
        self.oddities = tuple(oddities)


class NotRecorded(HouseError):
    """The access log could not be written, so nothing is shown and nothing is done (no row, no look)."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "Nothing was shown or done, because it could not be written into the access log. "
            "Try again in a minute. For an urgent child, telephone the hotline."
        )
