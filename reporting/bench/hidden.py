"""Whether the time of a refusal tells a hidden case file from one that does not exist."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.choices import Role
from reporting.bench.county import case_files_fill, county_for_bench
from reporting.bench.measure import Figure, as_owner, timed

PAIRS = 2_000
WARMING = 20
MOST_FILES = 10_000
EVEN = 0.5
"""What tossing a coin reaches."""


def figures(*, scale: int) -> Iterator[Figure]:
    """The page and the API of a case, asked in turn for a hidden and for an absent one by an agency with no part in it."""
    county = county_for_bench()
    case_files_fill(county, min(scale, MOST_FILES))
    county.viewer(Role.EDUCATION)
    client = Client(HTTP_HOST=_host(), raise_request_exception=False)
    client.force_login(county.people[Role.EDUCATION], backend=settings.AUTHENTICATION_BACKENDS[0])
    pairs = min(scale, PAIRS)
    for what, route in (("page", "referrals:case"), ("API", "api_case_duties")):
        hidden, absent = _interleaved(client, route, _hidden_files(), pairs)
        auc = told_apart(hidden, absent)
        yield Figure(
            f"hidden or absent case by the time of its {what}, {len(hidden):,} pairs",
            round(auc, 4),
            "AUC",
            EVEN,
            round(auc / EVEN, 3),
            goal=1.1,
        )


def told_apart(some: Sequence[float], others: Sequence[float]) -> float:
    """How often the better guess by time alone is right (area under the curve): 0.5 is chance, 1 is always."""
    ordered = sorted(others)
    below = sum((bisect_left(ordered, one) + bisect_right(ordered, one)) / 2 for one in some)
    auc = below / (len(some) * len(others))
    return max(auc, 1 - auc)


def _interleaved(
    client: Client, route: str, files: Sequence[UUID], pairs: int
) -> tuple[list[float], list[float]]:
    """Seconds of each answer; which of a pair is asked first changes every time."""
    hidden: list[float] = []
    absent: list[float] = []
    for number in range(WARMING + pairs):
        pair = [(hidden, files[number % len(files)]), (absent, uuid4())]
        for times, case_id in pair if number % 2 else reversed(pair):
            path = reverse(route, args=[case_id])
            times.append(timed(lambda path=path: client.get(path)))  # type: ignore[misc]
    return hidden[WARMING:], absent[WARMING:]


def _hidden_files() -> list[UUID]:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM referrals_casefile ORDER BY id LIMIT %s", [PAIRS])
        return [pk for (pk,) in cursor.fetchall()]


def _host() -> str:
    named = [host for host in settings.ALLOWED_HOSTS if host != "*" and not host.startswith(".")]
    return named[0] if named else "localhost"
