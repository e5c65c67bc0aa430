"""Working a new version of the agreement through the county's cases, one case a transaction.

Until it is done, grants of older versions are believed only where the new one agrees (`agencies.disclosure.trust`).
It begins between the transactions of those who write grants, and from then on everybody writes by the new version; so
when the walk has passed the last case there is no grant of an older version left, whoever worked meanwhile.
A worker that dies loses at most the case in hand; the next one goes on behind the last case done.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import OperationalError, connection, transaction

from agencies.models import County, ProtocolVersion, VersionSettling
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.logs import logger
from referrals.models import CaseFile
from referrals.services.sharing import GRANT_WRITERS, sharing_settle

WHY = "grants follow the agreement in force"
PATIENCE = "500ms"
"""How long beginning waits for those who write grants: less than PostgreSQL takes to call a deadlock."""
log = logger("settling")


def agreements_settle(*, now: datetime) -> int:
    """Settles every county whose version in force is not worked through yet. Returns how many cases were settled."""
    return sum(_county_settle(county, now) for county in County.objects.values_list("pk", flat=True))


def _county_settle(county: UUID, now: datetime) -> int:
    version = (
        ProtocolVersion.objects.filter(county=county, effective_at__lte=now)
        .order_by("-effective_at", "-number")
        .first()
    )
    if version is None or not _begin(version, now):
        return 0
    done = 0
    while _next_case(version, now):
        done += 1
    if done:
        log.info("grants settled", count=done, version=version.number)
    return done


def _begin(version: ProtocolVersion, now: datetime) -> bool:
    """Whether there is something to settle, having said so to everybody who writes grants from now on."""
    settling = VersionSettling.objects.get_or_create(version=version)[0]
    if settling.settled_at is not None:
        return False
    if settling.began_at is not None:
        return True
    try:
        with viewing_as(None, because=WHY), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GRANT_WRITERS])
            VersionSettling.objects.filter(version=version, began_at=None).update(
                began_at=now,
                cases_in_all=CaseFile.objects.unrestricted(because=WHY)
                .filter(county=version.county_id)
                .count(),
            )
    except OperationalError:
        log.info("settling waits for those who write", version=version.number)
        return False
    return True


def _next_case(version: ProtocolVersion, now: datetime) -> bool:
    """Settles the case after the last one done; False when there is none, or another worker is at it."""
    with transaction.atomic(), acting_because(WHY):
        settling = (
            VersionSettling.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(version=version, settled_at=None)
            .first()
        )
        if settling is None:
            return False
        cases = CaseFile.objects.unrestricted(because=WHY).filter(county=version.county_id).order_by("pk")
        if settling.last_case is not None:
            cases = cases.filter(pk__gt=settling.last_case)
        case_file = cases.select_related("county").first()
        if case_file is None:
            settling.settled_at = now
        else:
            sharing_settle(case_file=case_file, now=now)
            settling.last_case = case_file.pk
            settling.cases_done += 1
        settling.save(update_fields=["last_case", "cases_done", "settled_at"])
        return case_file is not None
