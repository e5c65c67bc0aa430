"""Verifying the access log, ten entries for each case file, against one pass over the same entries that only digests them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from cseccase import clock
from cseccase.audit.leaves import CANONICAL
from cseccase.audit.sealing import log_seal
from cseccase.audit.verifying import log_verify
from cseccase.confidentiality.context import acting_because
from reporting.bench.measure import Figure, as_owner, compare, timed

ENTRIES = """
INSERT INTO audit_accessentry (position, id, at, verb, person, person_name, agency, agency_name, subject_kind, subject,
                               case_file, category, basis, facts)
SELECT 0, gen_random_uuid(), statement_timestamp(), 'case.viewed', NULL, 'A person of the county', gen_random_uuid(),
       'Child Welfare', 'case_file', gen_random_uuid(), gen_random_uuid(), 'r01', '300', '{"page": "overview"}'
FROM generate_series(1, %s)
"""
DIGESTS = f"SELECT count(sha256(convert_to({CANONICAL[1]}, 'UTF8'))) FROM audit_accessentry"  # noqa: S608


def figures(*, scale: int) -> Iterator[Figure]:
    """Seals and verifies the whole log, with whatever earlier figures of the run left in it."""
    entries = 10 * scale
    with acting_because("a benchmark's log"), connection.cursor() as cursor:
        cursor.execute(ENTRIES, [entries])
    while log_seal(now=clock.now()):
        pass

    def verify() -> None:
        verdict = log_verify(now=clock.now())
        if verdict.fault or verdict.waiting or verdict.entries < entries:
            raise AssertionError(verdict)

    def measured() -> float:
        return timed(verify)

    def floor() -> float:
        with as_owner(), connection.cursor() as cursor:
            return timed(lambda: cursor.execute(DIGESTS))

    yield compare(
        f"verifying an access log of {entries:,} entries", measured=measured, floor=floor, goal=4, rounds=1
    )
