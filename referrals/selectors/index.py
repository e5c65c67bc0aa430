"""Searching the county's index of children by blind tokens: the database never hears a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.querysets import GuardedQuerySet
from cseccase.confidentiality.viewer import Viewer
from cseccase.encryption.tokens import tokens_to_ask
from referrals import policies
from referrals.models import Child, Referral
from referrals.models.case_file import granted_sql
from referrals.name_index import Asked, Likeness, likeness
from referrals.services.named import hidden_from

BECAUSE = "the shared index of identity and contacts (WIC 18961.5)"
NUMBER = re.compile(r"\b[A-Za-z]{1,3}-[0-9A-Za-z]{3}-[0-9A-Za-z]{3}\b")
MOST_OF_ONE_TOKEN = 40
MOST_COMPARED = 40
IN_THE_COUNTY = """
SELECT referrals_likeliest_children(%(tokens)s, %(weights)s, %(most)s, %(compared)s)::text
"""  # a function, because the database keeps its plan: planning took half of a search
IN_OWN_FILES = f"""
SELECT found.child_id::text FROM (
  SELECT asked.weight, held.child_id
  FROM unnest(%(tokens)s::bigint[], %(weights)s::int[]) AS asked(token, weight)
  CROSS JOIN LATERAL (
    SELECT t.child_id FROM referrals_childtoken t
    WHERE t.token = asked.token AND ({granted_sql("g.content_object_id = t.section_id")})
    ORDER BY t.child_id LIMIT %(most)s
  ) held
) found GROUP BY found.child_id ORDER BY sum(found.weight) DESC, found.child_id LIMIT %(compared)s
"""  # noqa: S608  # constants only


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the shared index may say of a possible match, and no more (WIC 18961.5(c)): four groups of facts.

    Name and date of birth, case number, the worker to ask with a telephone number, and dates of contact.
    """

    case_id: UUID
    number: str
    full_name: str
    born_on: object
    age_said: int | None
    worker: str
    worker_phone: str
    last_contact_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """The likeliest matches, best first. `more` says that others fit as well; `too_little`, that nothing was asked."""

    entries: list[IndexEntry]
    more: bool = False
    too_little: bool = False


def index_search(
    *, viewer: Viewer, name: str, now: datetime, born_on: date | None = None, limit: int = 10
) -> IndexAnswer:
    """Possible matches in the county's index, for people who log referrals, before a new file is opened.

    Everybody else searches only the files that their agency has a part in. Names match in any order, exactly, by sound,
    by short form, or by how they begin; a case number or a day of birth may stand among the words.
    """
    numbers = [number.upper() for number in NUMBER.findall(name)]
    asked = Asked.of(NUMBER.sub(" ", name), born_on)
    if asked.is_too_little and not numbers:
        return IndexAnswer([], too_little=True)
    if policies.may_log_referral(viewer):
        with acting_because(BECAUSE):
            rows = Child.objects.unrestricted(because=BECAUSE).filter(case_file__county=viewer.county)
            rows = rows.exclude(case_file__in=hidden_from(viewer))
            ids = candidates(county=viewer.county, asked=asked)
            found = _answer(rows, ids, asked, numbers, limit)
    else:
        with acting_because("a search among the files of the viewer's agency"):
            ids = candidates(county=viewer.county, asked=asked, own_files=True)
        found = _answer(Child.objects.visible_to(viewer), ids, asked, numbers, limit)
    record(
        Verb.CASE_SEARCHED,
        viewer=viewer,
        at=now,
        subject_kind="case_file",
        facts={"ids": [str(entry.case_id) for entry in found.entries]},
    )
    return found


def candidates(*, county: UUID, asked: Asked, own_files: bool = False) -> list[str]:
    """Ids of the children whose index words fit best, as many as are worth comparing.

    `own_files` asks the acting viewer's grants. The wall must be lifted for a named reason: without one there are no
    candidates.
    """
    if asked.is_too_little:
        return []
    weighed = tokens_to_ask(asked.words(), scope=county)
    with connection.cursor() as cursor:
        cursor.execute(
            IN_OWN_FILES if own_files else IN_THE_COUNTY,
            {
                "tokens": _array(weighed.keys()),
                "weights": _array(weighed.values()),
                "most": MOST_OF_ONE_TOKEN,
                "compared": MOST_COMPARED,
            },
        )
        return [child for (child,) in cursor.fetchall()]


def _array(numbers: Iterable[int]) -> str:
    """PostgreSQL's own way to write an array; a list would be read number by number."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _answer(
    rows: GuardedQuerySet[Child], ids: list[str], asked: Asked, numbers: list[str], limit: int
) -> IndexAnswer:
    rows = rows.select_related("case_file", "lead_worker")
    alike = [
        (found, child)
        for child in (rows.filter(pk__in=ids) if ids else ())
        if (found := _likeness(asked, child)) is not None
    ]
    alike.sort(key=lambda one: (-one[0].score, one[1].case_file.number))
    if numbers:
        named = rows.filter(case_file__number__in=numbers)[:limit]
        alike = [(Likeness(2.0, "Same number"), child) for child in named] + alike
    best = list({child.pk: (found, child) for found, child in reversed(alike)}.values())[::-1]
    return IndexAnswer(_entries(best[:limit]), more=len(best) > limit)


def _likeness(asked: Asked, child: Child) -> Likeness | None:
    return likeness(
        asked, names=[child.given_name, child.family_name, child.other_names], born_on=child.born_on
    )


def _entries(best: list[tuple[Likeness, Child]]) -> list[IndexEntry]:
    contacts = dict(
        Referral.objects.unrestricted(because="dates of contact of the shared index")
        .filter(case_file__in=[child.case_file_id for _, child in best])
        .values_list("case_file")
        .annotate(last=Max("received_at"))
    )
    return [
        IndexEntry(
            case_id=child.case_file_id,
            number=child.case_file.number,
            full_name=child.full_name,
            born_on=child.born_on,
            age_said=child.age_said,
            worker=child.lead_worker.full_name if child.lead_worker else "",
            worker_phone=child.lead_worker.phone if child.lead_worker else "",
            last_contact_at=contacts.get(child.case_file_id),
            why=found.why,
        )
        for found, child in best
    ]
