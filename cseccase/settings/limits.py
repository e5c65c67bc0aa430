"""The limits a county may make stricter and never looser. Each has a floor; the environment moves it to the strict side.

Sources: NIST SP 800-63B-4 (AAL3: 15 idle minutes, 12 hours; 15 characters), CJIS Security Policy AC-7 (5 failures in 15
minutes), and this product's promise of a review of every account once a quarter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Limit:
    """One setting as whole numbers of a unit. `floor` is the loosest value; `most` says that smaller is stricter."""

    name: str
    variable: str
    unit: str
    floor: int
    most: bool = True
    edge: int = 1
    """The strictest value that still lets anybody work."""

    def is_kept(self, value: float) -> bool:
        """Whether a value is the floor or stricter, and still usable."""
        low, high = (self.edge, self.floor) if self.most else (self.floor, self.edge)
        return low <= value <= high

    def words(self) -> str:
        """What may be said for it."""
        low, high = (self.edge, self.floor) if self.most else (self.floor, self.edge)
        return f"{self.name} ({self.variable}) is from {low} to {high} {self.unit}"

    def read(self, environment: Mapping[str, str]) -> int:
        """The number from the environment, else the floor. Raises ImproperlyConfigured for a looser one or for words."""
        said = environment.get(self.variable, "").strip()
        if not said:
            return self.floor
        if not said.isdecimal() or not self.is_kept(int(said)):
            raise ImproperlyConfigured(f"{self.words()}; “{said}” is refused.")
        return int(said)


IDLE = Limit("SESSION_IDLE", "SESSION_IDLE_MINUTES", "minutes", 15, edge=2)
ABSOLUTE = Limit("SESSION_ABSOLUTE", "SESSION_ABSOLUTE_HOURS", "hours", 12)
PASSWORD = Limit("PASSWORD_LENGTH", "PASSWORD_LENGTH", "characters", 15, most=False, edge=64)
FAILURES = Limit("SIGN_IN_FAILURES", "SIGN_IN_FAILURES", "failures", 5)
FAILURES_WITHIN = Limit(
    "SIGN_IN_FAILURES_WITHIN", "SIGN_IN_FAILURES_MINUTES", "minutes", 15, most=False, edge=1440
)
STEP_UP = Limit("STEP_UP_WITHIN", "STEP_UP_MINUTES", "minutes", 10)
REVIEW = Limit("REVIEW_EVERY", "REVIEW_EVERY_DAYS", "days", 92, edge=7)
SILENT = Limit("SWEEPER_SILENT_AFTER", "SWEEPER_SILENT_SECONDS", "seconds", 90, edge=2)
LATE = Limit("STAGE_LATE_AFTER", "STAGE_LATE_SECONDS", "seconds", 120, edge=2)
LIMITS = (IDLE, ABSOLUTE, PASSWORD, FAILURES, FAILURES_WITHIN, STEP_UP, REVIEW, SILENT, LATE)
LENGTHS = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
}


def broken(settings: Any) -> Iterator[str]:
    """Every limit that finished settings hold looser than its floor, in words. A missing one is broken too."""
    for limit in LIMITS:
        value = getattr(settings, limit.name, None)
        number = value / LENGTHS[limit.unit] if isinstance(value, timedelta) else value
        if not isinstance(number, int | float) or isinstance(number, bool) or not limit.is_kept(number):
            yield f"{limit.words()}, not {value}."
    if not any(
        validator["NAME"].endswith("MinimumLengthValidator")
        and validator.get("OPTIONS", {}).get("min_length", 8) >= PASSWORD.floor
        for validator in settings.AUTH_PASSWORD_VALIDATORS
    ):
        yield f"AUTH_PASSWORD_VALIDATORS asks for fewer than {PASSWORD.floor} characters."
