"""Guessing is slow: after five failures in fifteen minutes an account, or an address, has to wait or be released.

Both are counted apart (CJIS AC-7, NIST SP 800-63B-4 3.2.2): the account, so that many addresses together guess no
faster, and the address, so that one place cannot try one password on everybody. A failure that the same person follows
with the right password is taken back, so that typing slips in a large office do not shut its address. The wait ends by
itself; the security officer can end it sooner. Passkeys are not guessed, so they open a waiting account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from agencies.models.sign_in import FailedSignIn

SALT = "agencies.failed_sign_in"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in, as it is counted."""

    id: UUID
    account: str
    address: str


def digest(kind: str, words: str) -> str:
    """What stands in the table instead of an e-mail address or a network address."""
    return salted_hmac(f"{SALT}.{kind}", words.strip().lower(), algorithm="sha256").hexdigest()


def locked_until(
    moments: list[datetime], *, now: datetime, allowed: int, within: timedelta
) -> datetime | None:
    """When the next try is let through again, from the moments of the failures; None when it may be made now."""
    counting = sorted(moment for moment in moments if now - moment < within)
    return counting[-allowed] + within if len(counting) >= allowed else None


@transaction.atomic
def attempt_begin(*, email: str, address: str, now: datetime) -> Attempt | None:
    """Counts a try before its password is looked at, so that parallel ones cannot slip through. None: it has to wait."""
    account, place = digest("account", email), digest("address", address)
    _one_at_a_time(account, place)
    if lock_of(account=account, now=now) or lock_of(address=place, now=now):
        return None
    FailedSignIn.objects.filter(at__lte=now - settings.SIGN_IN_FAILURES_WITHIN).delete()
    row = FailedSignIn.objects.create(account=account, address=place, at=now)
    return Attempt(row.pk, account, place)


def attempt_forgive(attempt: Attempt) -> None:
    """The password was right: this try is no failure, and this person's earlier slips here no longer shut the address.

    They still count against the account, so a guesser gains nothing from the owner's own sign-ins.
    """
    FailedSignIn.objects.filter(pk=attempt.id).delete()
    FailedSignIn.objects.filter(account=attempt.account, address=attempt.address).update(address="")


def lock_of(*, now: datetime, account: str = "", address: str = "") -> datetime | None:
    """Until when one account or one address has to wait (digests)."""
    where = {"account": account} if account else {"address": address}
    since = now - settings.SIGN_IN_FAILURES_WITHIN
    moments = list(FailedSignIn.objects.filter(at__gt=since, **where).values_list("at", flat=True))
    return locked_until(
        moments, now=now, allowed=settings.SIGN_IN_FAILURES, within=settings.SIGN_IN_FAILURES_WITHIN
    )


def locks_of(emails: list[str], *, now: datetime) -> dict[str, datetime]:
    """Which of these people have to wait, and until when. One query."""
    digests = {digest("account", email): email for email in emails}
    since = now - settings.SIGN_IN_FAILURES_WITHIN
    moments: dict[str, list[datetime]] = {}
    rows = FailedSignIn.objects.filter(at__gt=since, account__in=digests)
    for account, at in rows.values_list("account", "at"):
        moments.setdefault(digests[account], []).append(at)
    found = {
        email: locked_until(
            at, now=now, allowed=settings.SIGN_IN_FAILURES, within=settings.SIGN_IN_FAILURES_WITHIN
        )
        for email, at in moments.items()
    }
    return {email: until for email, until in found.items() if until is not None}


def account_release(*, email: str) -> int:
    """Forgets every failure about one account, also where it counts against an address. Returns how many."""
    forgotten, _ = FailedSignIn.objects.filter(account=digest("account", email)).delete()
    return forgotten


def _one_at_a_time(*keys: str) -> None:
    """Tries for the same account or from the same address are counted one after the other, until the request ends."""
    with connection.cursor() as cursor:
        for number in sorted(int(key[:15], 16) for key in keys):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
