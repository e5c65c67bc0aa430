"""Which deadline rules hold in a county, and have held, by date."""

from __future__ import annotations

from uuid import UUID

from agencies.models import CountyRulebook
from referrals.deadlines.calendar import within_of
from referrals.deadlines.rulebook import DEFAULT_RULEBOOK, Rulebook, Rulebooks, limit_set


def rulebooks_of(county: UUID) -> Rulebooks:
    """The county's signed rulebooks over the register; the register alone where none is signed."""
    rows = CountyRulebook.objects.filter(county=county).order_by("effective_at", "number")
    return Rulebooks(DEFAULT_RULEBOOK, tuple((row.effective_at, book_of(row)) for row in rows))


def book_of(row: CountyRulebook) -> Rulebook:
    """One signed version as rules. Raises `RuleError` for a limit that the law does not allow."""
    limits = {rule_id: within_of(unit, count) for rule_id, (unit, count) in row.limits.items()}
    rules = tuple(
        limit_set(rule, limits[rule.id]) if rule.id in limits else rule for rule in DEFAULT_RULEBOOK.rules
    )
    readings = {**DEFAULT_RULEBOOK.readings, **row.readings}
    return Rulebook(f"{DEFAULT_RULEBOOK.version}/{row.number}", rules, readings)
