"""Passwords that a guesser tries first: known ones stretched to fifteen signs, and the words of this very place.

The list of common passwords that Django ships seldom reaches fifteen signs; people who must write fifteen take a common one
and repeat it, number it, or add the name of where they work (NIST SP 800-63B-4: compare against such words).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from agencies.models import Person

ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "01234567890123456789",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
PLACE_WORDS: Final = frozenset(
    [
        "care",
        "coordination",
        "county",
        "california",
        "csec",
        "cse",
        "case",
        "cases",
        "child",
        "children",
        "youth",
        "welfare",
        "probation",
        "health",
        "mental",
        "public",
        "police",
        "court",
        "office",
        "agency",
        "protocol",
        "secret",
        "private",
        "welcome",
        "login",
        "signin",
        "sign",
        "hello",
        "changeme",
        "spring",
        "summer",
        "autumn",
        "fall",
        "winter",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "the",
        "a",
        "my",
        "our",
        "of",
        "and",
        "for",
        "in",
        "to",
        "is",
    ]
)
WORD: Final = re.compile(r"[a-z]+")
SHORTEST_COMMON: Final = 4


class GuessablePasswordValidator:
    """Refuses a password that is nothing but guessable parts put together."""

    def validate(self, password: str, user: Person | None = None) -> None:
        plain = password.lower()
        if _repeats(plain) or _runs_along_keys(plain) or self._is_known_parts(plain, user):
            raise ValidationError(
                "This password is too easy to guess: it is made of common words, names of this place, or a row of keys. "
                "Take four or five words that have nothing to do with each other.",
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return "Not a common password repeated or numbered, and not the name of where you work."

    def _is_known_parts(self, plain: str, user: Person | None) -> bool:
        """Every word of it is a common password, a word of this place, or part of the person's own name or agency."""
        own = _words_about(user)
        words = WORD.findall(plain)
        known = common_passwords()
        # Four unconnected everyday words are what we ask for; only few words, or words of this place, are guessed.
        telling = [word for word in words if word not in PLACE_WORDS and word not in own]
        return not telling or (len(set(telling)) == 1 and _made_of_common(telling[0], known))


def _words_about(user: Person | None) -> frozenset[str]:
    if user is None:
        return frozenset()
    about = f"{user.full_name} {user.email} {user.agency.name} {user.agency.county.name}"
    return frozenset(WORD.findall(about.lower()))


def _repeats(plain: str) -> bool:
    """One short piece over and over: "passwordpassword", "123412341234123"."""
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1))


def _runs_along_keys(plain: str) -> bool:
    """A row of keys or of the alphabet, forward or backward."""
    return any(plain in row or plain in row[::-1] for row in ROWS)


def _made_of_common(word: str, known: frozenset[str]) -> bool:
    """The word is a common password, or two of them run together."""
    splits = range(SHORTEST_COMMON, len(word) - SHORTEST_COMMON + 1)
    return word in known or any(word[:at] in known and word[at:] in known for at in splits)


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The twenty thousand that Django ships."""
    return frozenset(CommonPasswordValidator().passwords)
