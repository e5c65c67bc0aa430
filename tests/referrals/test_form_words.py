"""What a form offers reads as it should, and what it records has words where changes are read."""

from __future__ import annotations

from typing import Any

from referrals.forms.event import HappeningForm
from referrals.forms.missing import MissingForm
from reporting.field_words import EVENT_FACTS, code_words


def test_recipients_keep_their_capitals_at_the_beginning_of_a_line() -> None:
    fields: dict[str, Any] = {**MissingForm.base_fields, **HappeningForm.base_fields}
    offered = {words for name in ("nobody", "limited", "to") for _, words in fields[name].choices}
    assert {"The parents or Indian custodians", "The child’s CASA"} <= offered
    assert all(words[0].isupper() for words in offered)


def test_whatever_a_happening_records_has_a_name_where_changes_are_read() -> None:
    facts = HappeningForm.base_fields.keys() - {"told_at", "note"}
    assert facts <= EVENT_FACTS.keys()


def test_every_recipient_of_a_notice_has_a_name_where_changes_are_read() -> None:
    fields: dict[str, Any] = dict(HappeningForm.base_fields)
    assert all(code_words("to", to) for to, _ in fields["to"].choices)
