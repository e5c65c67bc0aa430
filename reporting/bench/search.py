"""Finding a child by blind tokens, behind both walls, against the exact lookup of a plain name without any."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.db import connection
from psycopg2.extras import execute_values

from agencies.choices import Course, Duty, Role
from agencies.models import Person
from agencies.services.staff import person_designate, training_record
from agencies.viewers import viewer_of
from cseccase import clock
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.encryption.tokens import tokens_of
from referrals.name_index import Asked, index_words
from referrals.selectors.index import BECAUSE, candidates, index_search
from reporting.bench.county import BATCH, DAY, BenchCounty, case_files_fill, children_name, county_for_bench
from reporting.bench.measure import Figure, as_owner, compare, timed

ASKED = 20
GIVEN = [
    "Maria",
    "Ana",
    "Jasmine",
    "Emily",
    "Sofia",
    "Camila",
    "Valeria",
    "Daniela",
    "Alexandra",
    "Guadalupe",
    "Jennifer",
    "Destiny",
    "Angel",
    "Kayla",
    "Brianna",
    "Mia",
    "Isabella",
    "Jocelyn",
    "Leslie",
    "Stephanie",
    "Diana",
    "Karen",
    "Michelle",
    "Melissa",
    "Natalie",
    "Vanessa",
    "Ashley",
    "Samantha",
    "Alyssa",
    "Elizabeth",
    "Juan",
    "Jose",
    "Luis",
    "Carlos",
    "Miguel",
    "Anthony",
    "Daniel",
    "David",
    "Kevin",
    "Christian",
]
SYLLABLES = [
    "al",
    "var",
    "ez",
    "gar",
    "cia",
    "her",
    "nan",
    "dez",
    "lo",
    "pez",
    "mar",
    "ti",
    "nez",
    "gon",
    "za",
    "les",
    "ro",
    "dri",
    "guez",
    "tor",
    "res",
    "flo",
    "res",
    "ri",
    "ve",
    "ra",
    "nu",
    "co",
]
TOKENS = """
INSERT INTO referrals_childtoken (token, child_id, section_id, key) VALUES %s ON CONFLICT DO NOTHING
"""
EXACT = "SELECT id FROM bench_names WHERE given = %s AND family = %s ORDER BY id LIMIT 40"


def figures(*, scale: int) -> Iterator[Figure]:
    """Twenty children looked up by a full name each: the tokens' part, and beside it the whole search as people wait for it."""
    county = county_for_bench()
    case_files_fill(county, scale, named=False)
    people = _named(county)
    viewer = _intake(county)
    chance = random.Random(7)  # noqa: S311  # repeatable, not secret
    names = chance.sample(people, ASKED)

    def by_tokens() -> float:
        asked = [Asked.of(f"{family}, {given}") for given, family in names]
        with viewing_as(viewer), acting_because(BECAUSE):
            return _warm(lambda: [candidates(county=viewer.county, asked=one) for one in asked])

    def exact() -> float:
        with as_owner(), connection.cursor() as cursor:

            def look_up() -> None:
                for name in names:
                    cursor.execute(EXACT, name)
                    cursor.fetchall()

            return _warm(look_up)

    def whole() -> float:
        with viewing_as(viewer):
            return _warm(
                lambda: [index_search(viewer=viewer, name=" ".join(n), now=clock.now()) for n in names]
            )

    yield compare(f"a child by blind tokens among {scale:,}", measured=by_tokens, floor=exact, goal=5)
    yield compare(
        f"the whole search among {scale:,}, opened and ranked", measured=whole, floor=exact, goal=400
    )


def _warm(look_up: Callable[[], object]) -> float:
    """Seconds a name, on a connection that has been in use, as those of web workers and of the floor are."""
    look_up()
    return timed(look_up) / ASKED


def _named(county: BenchCounty) -> list[tuple[str, str]]:
    """Gives every child of the scratch database a name, its tokens, and a plain copy for the floor."""
    chance = random.Random(11)  # noqa: S311
    made: list[tuple[str, str]] = []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_names (id uuid, given text, family text)")
        cursor.execute("SELECT given, family FROM bench_names")
        made = [(given, family) for given, family in cursor.fetchall()]
        if made:
            return made
        cursor.execute("SELECT id, section_id FROM referrals_child")
        children = cursor.fetchall()
        for start in range(0, len(children), BATCH):
            made += _named_batch(cursor, county, children[start : start + BATCH], chance)
        cursor.execute("CREATE INDEX ON bench_names (given, family)")
        cursor.execute("VACUUM ANALYZE")  # as autovacuum leaves tables that only grow
    return made


def _named_batch(cursor, county: BenchCounty, children, chance: random.Random) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    tokens, plain = [], []
    for child, section in children:
        given, family = chance.choice(GIVEN), "".join(chance.choices(SYLLABLES, k=3)).title()
        born = date(2006, 1, 1) + timedelta(days=chance.randrange(5_000))
        key, found = tokens_of(index_words([given, family], born), scope=county.county.pk)
        tokens += [(token, child, section, key) for token in found]
        plain.append((child, given, family))
    execute_values(cursor.cursor, TOKENS, tokens, page_size=5_000)
    children_name(cursor, plain)
    execute_values(cursor.cursor, "INSERT INTO bench_names VALUES %s", plain, page_size=BATCH)
    return [(given, family) for _, given, family in plain]


def _intake(county: BenchCounty) -> Viewer:
    """Somebody who logs referrals and so may ask the shared index."""
    person = Person.objects.filter(email="intake@bench.example").first()
    if person is None:
        person = Person.objects.create_user(
            email="intake@bench.example",
            full_name="Bench Intake",
            agency=county.agencies[Role.CHILD_WELFARE.value],
        )
        person_designate(
            person=person, duty=Duty.HOTLINE, designated_by="Director", starts_on=DAY, now=clock.now()
        )
        training_record(person=person, course=Course.CSEC_101, completed_on=DAY, now=clock.now())
    return viewer_of(person, now=clock.now())
