"""Route x person x method x state of the record: nothing leaks, nobody who may is refused, hidden is absent to the byte.

One cell is the answer to one request by one person with one method to one address about the case in one state. Every free
text of every record is a marker; an answer (page, JSON, CSV, PDF text, calendar file, header, cookie, log line, e-mail)
may hold only markers that the independent reading of the policy (`tests/access/oracle.py`) lets this person know in full,
and ids only of records that it lets them know of. Every second cell of the share has one of the two walls down: the other must do alone.
`manage.py test --proof access [--full]`.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from cseccase import clock
from cseccase.audit.models import AccessEntry
from cseccase.confidentiality.context import acting_because
from tests.access.doors import DOORS, LEFT_OUT, Door, answers, known, may
from tests.access.oracle import FULL, NOTHING, Shelf, of_the_record, policy_read
from tests.access.planting import MARK, Planted
from tests.access.routes import Route, every_route
from tests.access.states import Persona, Scene, Stage, stage_make
from tests.access.test_every_route import address
from tests.access.walls import database_wall_down, query_wall_down
from tests.pages import sign_in

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
METHODS = ("get", "post", "head", "put", "patch", "delete", "options")
NAMES = {"given_name", "family_name", "other_names"}
"""What the shared index may say to those who receive reports, beside number, worker and dates (WIC 18961.5(c))."""
SHARE = 15_000
"""Cells of the share that meets every pair, in every run of the proof."""
PARTS = 4
"""Each walks through a share of the addresses, so that several processors can (`-n 2`)."""
WALLS = (
    ("both walls up", nullcontext),
    ("both walls up", nullcontext),
    ("the query wall down", query_wall_down),
    ("the database wall down", database_wall_down),
)
LOGS = {"reporting:looked_case", "reporting:looked_case_csv", "api_case_log"}
"""Who looked at a file is shown to those who review it without knowing the file."""
LISTS = {"referrals:find": "q", "mdt:meetings": "which"}
LOOKED_AT_ONLY = {("A", "827K"), ("A", "827G")}
"""What a paper opens to look at and not to copy, to a team and to a school (WIC 827(a)(1)(K), (G), (a)(5))."""


class Lines(logging.Handler):
    """Keeps every line that anything logs."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def still(now: datetime) -> Iterator[Lines]:
    """One moment, and form tokens without chance, so that two answers can be compared to the byte."""
    lines, root = Lines(), logging.getLogger()
    root.addHandler(lines)
    with (
        patch.object(clock, "now", lambda: now),
        patch("django.middleware.csrf._mask_cipher_secret", lambda secret: "t" * 64),
    ):
        yield lines
    root.removeHandler(lines)


class Walk:
    """Everybody at every door."""

    def __init__(self, stage: Stage, now: datetime, lines: Lines) -> None:
        self.stage, self.now, self.lines = stage, now, lines
        self.policy, self.found, self.wrong = policy_read(), Counter[str](), list[str]()
        self.clients = {persona.name: self._client(persona) for persona in stage.personas}
        self.routes = {route.name: route for route in every_route() if route.name not in LEFT_OUT}
        self.not_taken: set[tuple[str, str, str]] = set()
        self.absent: dict[tuple[str, str, str], tuple[int, bytes]] = {}
        self.person = str(stage.personas[0].reader.person)
        with acting_because("whose people have looked at which file"):
            self.looked = set(AccessEntry.objects.values_list("agency", "case_file").order_by().distinct())

    def _client(self, persona: Persona) -> Client:
        client = Client(raise_request_exception=False)
        if persona.person is not None:
            sign_in(client, persona.person)  # freshly proved, so that a download is asked for its own answer
        return client

    def cell(self, route: Route, persona: Persona, scene: Scene, method: str) -> None:
        """One request, and everything that must be true of its answer."""
        door = DOORS[route.name]
        parts = self._parts(scene)
        answer, text = self._ask(route, persona, method, parts)
        where = f"{method} {route.name} as {persona.name}, {scene.state}: {answer.status_code}"
        self.found["cells"] += 1
        if answer.status_code == 405:
            self.not_taken.add((route.name, persona.name, method))
        if (
            answer.status_code >= 500 and route.name != "healthz_deadlines"
        ):  # which says 503 when no watchman runs
            self._blame("errors", where)
            return
        self._nothing_leaks(route, persona, parts, answer, text, where)
        if persona.person is None:
            if answer.status_code < 300 and not door.loose:
                self._blame("leaks", f"{where}: somebody not signed in was let in")
            return
        seen = not door.level or known(persona, scene, door, self.now, self.policy)
        if not seen and door.part:
            self._same_as_absent(route, persona, scene, method, answer, text, where)
        if method in {"put", "patch", "delete"} and door.part:
            if answer.status_code < 400:
                self._blame("wrongly done", where)
        elif method in {"get", "head"} and not door.loose:
            self._opens(door, persona, scene, method, seen, answer, text, where)

    def _opens(
        self,
        door: Door,
        persona: Persona,
        scene: Scene,
        method: str,
        seen: bool,
        answer: Any,
        text: str,
        where: str,
    ) -> None:
        allowed = seen and may(persona, door.who)
        self.found["asserted to open or to refuse"] += 1
        if allowed and answer.status_code >= 400 and method == "get":
            self._blame("wrong refusals", where)
        elif (
            not allowed and answer.status_code < 400 and not (door.over and self._had_a_seat(persona, scene))
        ):
            self._blame("wrongly opened", where)
        elif allowed and method == "get" and answer.status_code == 200:
            for shown in door.shows:
                self._is_shown(shown, door, persona, scene, text, where)

    def _is_shown(
        self, shown: str, door: Door, persona: Persona, scene: Scene, text: str, where: str
    ) -> None:
        mine = answers(persona, scene, self.now, self.policy)
        for mark, planted in self.stage.bed.marks.items():
            if planted.case != scene.case_id or f"{planted.kind}.{planted.field}" != shown:
                continue
            cell = self.policy.get((scene.shelves[planted.section].category, persona.reader.role))
            if door.copy and cell in LOOKED_AT_ONLY:
                continue
            self.found["asserted to be shown"] += 1
            if mine.get(planted.section) == FULL and mark not in text and not self._replaced(planted):
                self._blame("withheld", f"{where}: {shown} in {scene.shelves[planted.section]}")

    def _replaced(self, planted: Any) -> bool:
        """A planted text that the walk's own set-up overwrote with a later marker."""
        return any(
            other is not planted and (other.record, other.field) == (planted.record, planted.field)
            for other in self.stage.bed.marks.values()
        )

    def _known(self, persona: Persona, scene: Scene, planted: Planted) -> str:
        answer = answers(persona, scene, self.now, self.policy).get(planted.section, NOTHING)
        shelf = scene.shelves.get(planted.section, Shelf(""))
        return of_the_record(answer, planted.kind, persona.reader, shelf)

    def _had_a_seat(self, persona: Persona, scene: Scene) -> bool:
        return any(seat.agency == persona.reader.agency for seat in scene.told.seats)

    def _reviews(self, persona: Persona, scene: Scene) -> bool:
        """An auditor reviews every look in the county, a security officer those of the agency, at files open to it."""
        if scene.county != self.stage.world.county.pk:
            return False
        shut = scene.told.named is not None and persona.reader.person not in scene.told.named
        looked = (persona.reader.agency, scene.case_id) in self.looked
        return "auditor" in persona.duties or ("security_officer" in persona.duties and looked and not shut)

    def _nothing_leaks(
        self, route: Route, persona: Persona, parts: dict[str, Any], answer: Any, text: str, where: str
    ) -> None:
        for mark in set(MARK.findall(text)):
            planted = self.stage.bed.marks.get(mark)
            if planted is None:
                continue
            self.found["markers checked"] += 1
            scene = self.stage.scene_of(planted.case)
            indexed = planted.kind == "Child" and planted.field in NAMES and route.name == "referrals:find"
            if indexed and may(persona, "receives reports") and scene.county == self.stage.world.county.pk:
                continue
            if self._known(persona, scene, planted) != FULL:
                self._blame(
                    "leaks",
                    f"{where}: {planted.kind}.{planted.field} of {scene.state}, {scene.shelves[planted.section]}",
                )
        named = {str(value) for value in parts.values()}
        for word in set(UUIDS.findall(text)) - named:
            planted = self.stage.bed.records.get(UUID(word))
            if planted is None:
                continue
            scene = self.stage.scene_of(planted.case)
            self.found["ids checked"] += 1
            if self._known(persona, scene, planted) == NOTHING:
                self._blame(
                    "leaks",
                    f"{where}: the id of {planted.kind} of {scene.state}, {scene.shelves[planted.section]}",
                )
        loud = MARK.findall(
            " ".join([*map(str, answer.headers.values()), str(answer.cookies), *self.lines.lines])
        )
        loud += MARK.findall(" ".join(re.findall(r"<title>.*?</title>", text, re.DOTALL)))
        loud += [mark for message in mail.outbox for mark in MARK.findall(str(message.message()))]
        self.lines.lines.clear()
        mail.outbox.clear()
        if loud:
            self._blame("leaks", f"{where}: a header, a title, a log line or an e-mail holds content")

    def _same_as_absent(
        self, route: Route, persona: Persona, scene: Scene, method: str, answer: Any, text: str, where: str
    ) -> None:
        """The same request about something that does not exist gives the same bytes."""
        door = DOORS[route.name]
        if door.over and self._had_a_seat(persona, scene):
            return
        if route.name in LOGS and self._reviews(persona, scene):
            return
        case_known = (
            any(one != NOTHING for one in answers(persona, scene, self.now, self.policy).values())
            and CASE in route.kwargs
            and door.part != CASE
        )
        key = (route.name, persona.name, method + (scene.state if case_known else ""))
        if key not in self.absent:
            parts = self._parts(scene)
            gone = {part: uuid4() for part in route.kwargs if part.endswith("_id")}
            if case_known:
                gone.pop(CASE, None)
            other, words = self._ask(route, persona, method, {**parts, **gone})
            self.found["cells"] += 1
            self.found["absent asked"] += 1
            self.absent[key] = plain(other, words)
        self.found["hidden compared with absent"] += 1
        if plain(answer, text) != self.absent[key]:
            self._blame("hidden differs from absent", where)

    def _parts(self, scene: Scene) -> dict[str, Any]:
        return {
            **scene.parts, "person_id": self.person, "designation_id": UUID(int=1), "notice_id": UUID(int=2),
            "look_id": UUID(int=3), "request_id": UUID(int=4), "kept_id": UUID(int=5), "proposal_id": UUID(int=6), "qualification_id": UUID(int=7), "seal_id": UUID(int=8), "message_id": UUID(int=9), "shift_id": UUID(int=10), "number_id": UUID(int=11), "device_id": UUID(int=12), "day": "2026-11-01", "kind": "CO", "happening": "plan_change_needed", "rule_id": "search-contact",
            "period": "2026-q3", "form": "access-walk", "token": "x", "uid": "x", "uidb36": "x", "key": "x", "key_id": 1,
        }  # fmt: skip

    def _ask(self, route: Route, persona: Persona, method: str, parts: dict[str, Any]) -> tuple[Any, str]:
        path = address(route, parts)
        typed: dict[str, str] = {}
        if route.name == "referrals:find" and method in {
            "get",
            "post",
        }:  # what is looked for is never in an address
            scene = self.stage.scene_of(parts["case_id"]) if parts["case_id"] in self._cases else None
            method, typed = "post", {"q": scene.number if scene else "CF-none"}
        client = self.clients[persona.name]
        cookies = SimpleCookie({name: morsel.value for name, morsel in client.cookies.items()})
        with transaction.atomic():
            answer = client.post(path, typed) if typed else getattr(client, method)(path)
            text = text_of(answer)
            transaction.set_rollback(True)
        client.cookies = cookies
        for value in map(str, parts.values()):
            text = text.replace(value, "PART") if len(value) > 30 and value != self.person else text
        return answer, text

    @property
    def _cases(self) -> set[UUID]:
        return {scene.case_id for scene in self.stage.scenes}

    def _blame(self, what: str, words: str) -> None:
        self.found[what] += 1
        self.wrong.append(f"{what}: {words}")


CASE = "case_id"


def text_of(answer: Any) -> str:
    """What a person can read of an answer: the words of a PDF, else its body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Type", "").startswith("application/pdf"):
        from pypdf import PdfReader

        return re.sub(r"\s+", "", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages))
    return str(body.decode("utf-8", "replace"))


def plain(answer: Any, text: str) -> tuple[int, bytes]:
    """Status, headers and body as bytes."""
    headers = sorted((name, value) for name, value in answer.headers.items())
    return answer.status_code, repr((headers, text)).encode()


def share_of(walk: Walk, size: int, chance: Random) -> Iterator[tuple[Route, Persona, Scene, str]]:
    """Cells so that every pair of route, person, state and method is met, then by chance up to a size."""
    people, scenes = walk.stage.personas, walk.stage.scenes
    ours = [route for route in walk.routes.values() if not DOORS[route.name].loose or DOORS[route.name].part]
    count, pairs = 0, [(route, persona) for route in walk.routes.values() for persona in people]
    while True:
        chance.shuffle(pairs)
        for route, persona in pairs:
            method = chance.choice(("get", "get", "get", "get", *METHODS[1:]))
            yield route, persona, scenes[count % len(scenes)], method
            count += 1
            if count >= size:
                return
        pairs = [(route, persona) for route in ours for persona in people]


def whole_of(walk: Walk) -> Iterator[tuple[Route, Persona, Scene, str]]:
    """Every address by every person in every state, to read and to write.

    The methods that nobody offers are asked in one state each, and so is what an address says it does not take (405).
    """
    turn = 0
    for route in walk.routes.values():
        for persona in walk.stage.personas:
            scenes = walk.stage.scenes if route.kwargs or route.name in LISTS else walk.stage.scenes[:1]
            start = turn % len(scenes)
            for scene in scenes[start:] + scenes[:start]:
                for method in ("get", "post"):
                    if (route.name, persona.name, method) not in walk.not_taken:
                        yield route, persona, scene, method
            for method in METHODS[2:]:
                yield route, persona, scenes[turn % len(scenes)], method
                turn += 1


def heard(cells: Iterable[Any], say: Callable[[str], None]) -> Iterator[Any]:
    """The same cells; says how far it is, since a whole walk takes an hour or two."""
    for number, cell in enumerate(cells):
        if number % 10_000 == 0:
            say(f"{number:,} cells")
        yield cell


def walked(
    size: int | None,
    *,
    seed: int,
    states: tuple[str, ...] | None = None,
    part: int | None = None,
    say: Callable[[str], None] = lambda words: None,
) -> Walk:
    """A walk through so many cells, or all; `part` takes every so-manieth address only."""
    now = datetime.now(UTC)
    stage = stage_make(now, states) if states else stage_make(now)
    now = datetime.now(UTC)
    with still(now) as lines:
        walk = Walk(stage, now, lines)
        if part is not None:
            walk.routes = dict(list(walk.routes.items())[part::PARTS])
        if size is None:
            for cell in heard(whole_of(walk), say):
                walk.cell(*cell)
        for number, cell in enumerate(share_of(walk, size or SHARE // PARTS, Random(seed))):
            name, wall = WALLS[number % len(WALLS)]
            walk.found[f"with {name}"] += 1
            with wall():
                walk.cell(*cell)
    return walk


def told(walk: Walk) -> str:
    """What went wrong, each kind of fault at one kind of place once, with how often."""
    found = Counter(words[:220] for words in walk.wrong).most_common(40)
    return "".join(f"\n{count} times {words}" for words, count in found)


def test_every_address_has_a_door_and_every_door_an_address() -> None:
    names = {route.name for route in every_route()} - LEFT_OUT
    assert names - DOORS.keys() == set(), (
        "an address without a line in tests/access/doors.py: decide what it asks"
    )
    assert DOORS.keys() - names == set(), "a door that leads nowhere"


@pytest.mark.django_db
def test_a_walk_through_some_cells_leaks_nothing_and_refuses_nobody_wrongly() -> None:
    walk = walked(300, seed=1, states=("everything", "ended"))
    assert not walk.wrong, told(walk)


@pytest.mark.proof("access")
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.django_db
def test_everybody_at_every_door(
    part: int, proof_is_full: bool, proof_counts: dict[str, int], proof_says: Callable[[str], None]
) -> None:
    walk = walked(None if proof_is_full else SHARE // PARTS, seed=2 + part, part=part, say=proof_says)
    faults = (
        "leaks",
        "wrong refusals",
        "wrongly opened",
        "withheld",
        "errors",
        "hidden differs from absent",
        "wrongly done",
    )
    proof_counts.update({name.replace(" ", "_"): count for name, count in sorted(walk.found.items())})
    proof_counts.update({name.replace(" ", "_"): walk.found[name] for name in faults})
    assert not walk.wrong, told(walk)
