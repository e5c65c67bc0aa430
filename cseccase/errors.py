"""What can go wrong, as three kinds of answer.

`NotVisible` becomes 404, `NotAllowed` 403, `RuleBroken` 409. Hidden and absent are the same `NotVisible`, so that
nobody can learn from an answer that a record exists.
"""

from __future__ import annotations

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
