"""How names are compared: which words of the blind index stand for a child, and which a search asks for.

Pure. Parts of names are folded (accents, case, hyphens), heard (Metaphone after Spanish spellings are evened out) and
known by short forms. Pairs of parts are indexed as well as single ones, so that "Maria" and "Garcia" together are found
without walking through every Maria.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

import jellyfish

MOST_PARTS = 8
PREFIX = 3
SMALL_WORDS = frozenset({"de", "del", "la", "las", "los", "y", "e", "da", "do", "dos", "van", "von", "der"})

SHORT_FORMS = {
    "elizabeth": "liz lizzy lizbeth beth betty eliza lisa isabel isabela isabella izzy bella",
    "maria": "mari mary marie mia mariah", "guadalupe": "lupe lupita", "jesus": "chuy chucho", "jose": "pepe joseph joe joey",
    "francisco": "pancho paco frank francis frankie", "francisca": "paca panchita", "ignacio": "nacho", "dolores": "lola",
    "guillermo": "memo william will bill billy liam", "alberto": "beto albert al", "roberto": "beto robert rob bob bobby",
    "enrique": "kike quique henry hank", "teresa": "tere theresa terry", "concepcion": "concha conchita", "graciela": "chela",
    "rosario": "chayo", "consuelo": "chelo", "antonio": "tono tony anthony", "antonia": "tonia toni", "manuel": "manny manolo",
    "alejandra": "alex ale sandra alexandra alexa", "alejandro": "alex ale alexander", "gabriela": "gabby gaby gabriella",
    "daniela": "dani danielle", "daniel": "dan danny dani", "jacqueline": "jackie jacky jaqueline", "jessica": "jess jessie",
    "jennifer": "jen jenny jenn", "katherine": "kate katie kathy kat catherine cathy catalina", "christina": "chris tina cristina",
    "christopher": "chris cristobal", "margarita": "margaret maggie meg peggy rita", "michael": "mike miguel mikey",
    "patricia": "pat patty paty trish", "rebecca": "becky becca", "samantha": "sam sammy", "samuel": "sam sammy",
    "stephanie": "steph estefania estefany", "veronica": "vero ronnie", "victoria": "vicky tori", "valeria": "vale val valerie",
    "ana": "anna ann anne annie anita", "carmen": "carmela carmelita", "juana": "juanita jane", "juan": "juanito john johnny jack",
    "jay": "jayden jaylen", "ashley": "ash", "amanda": "mandy", "andrea": "andy drea", "andrew": "andy andres drew",
    "emily": "em emmy emilia", "abigail": "abby gail", "nicole": "nikki nicky nicolette", "natalia": "nat natalie talia",
    "leticia": "lety letty", "esperanza": "espy hope", "mercedes": "meche", "yolanda": "yoli", "josefina": "chepina josephine josie",
    "rafael": "rafa raphael", "eduardo": "lalo eddie edward ed", "fernando": "nando fer", "luis": "lucho louis", "sofia": "sophia sophie",
}  # fmt: skip


def _short_form_groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, forms in SHORT_FORMS.items():
        for form in (name, *forms.split()):
            found.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in found.items()}


GROUPS = _short_form_groups()
SPANISH = tuple((re.compile(pattern), letters) for pattern, letters in (
    (r"^h(?=[aeiou])", ""), (r"^es(?=[cfkpt])", "s"), (r"^x(?=[aeio])", "j"), (r"^ll", "y"), (r"(?<!^)ll", "l"), (r"v", "b"),
    (r"^yi", "ji"), (r"qu", "k"), (r"z", "s"), (r"^y(?=[aeou])", "y"),
))  # fmt: skip


def folded(text: str) -> str:
    """Without accents and case; hyphens and apostrophes part words or fall away as people write them."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[’'`.]", "", kept)


def name_parts(*names: str) -> list[str]:
    """The parts of names that tell people apart, each once, in order."""
    words = re.findall(r"[^\W_]+", folded(" ".join(names)))
    parts = [word for word in dict.fromkeys(words) if word not in SMALL_WORDS]
    return (parts or list(dict.fromkeys(words)))[:MOST_PARTS]


def sound_of(part: str) -> str:
    """How a part sounds; one that no rule of sound knows stands for itself."""
    heard = part
    for pattern, letters in SPANISH:
        heard = pattern.sub(letters, heard)
    return (jellyfish.metaphone(heard) if heard.isascii() else "") or part


def sounds_of(part: str) -> set[str]:
    """How a part sounds, and the names whose short form it may be."""
    return {sound_of(part)} | {f"#{name}" for name in GROUPS.get(part, ())}


def index_words(names: list[str], born_on: date | None) -> set[str]:
    """The words of the blind index that stand for one child."""
    parts = name_parts(*names)
    heard = {part: sounds_of(part) for part in parts}
    words = {word for part in parts for word in _single(part, heard)}
    for one, other in combinations(parts, 2):
        words |= set(_pair(one, other, heard))
    if len(parts) == 1:
        words |= set(_only(parts[0], heard))
    if born_on is not None:
        words.add(f"day:{born_on}")
        for sound in set().union(*heard.values()):
            words |= {f"year:{born_on.year}|{sound}", f"date:{born_on:%m-%d}|{sound}"}
    return words


Heard = Mapping[str, set[str]]
"""How each part of a name sounds, worked out once."""


def _single(part: str, heard: Heard) -> Iterator[str]:
    yield f"same:{part}"
    yield from (f"sound:{sound}" for sound in heard[part])
    yield from (f"begins:{part[:length]}" for length in (2, PREFIX) if len(part) >= length)


def _only(part: str, heard: Heard) -> Iterator[str]:
    """For a child of whose name nothing else is known."""
    yield from (f"only:sound:{sound}" for sound in heard[part])


def _pair(one: str, other: str, heard: Heard) -> Iterator[str]:
    yield f"same:{'|'.join(sorted((one, other)))}"
    for sounds in product(heard[one], heard[other]):
        yield f"sound:{'|'.join(sorted(sounds))}"
    if min(len(one), len(other)) >= PREFIX:
        yield f"begins:{'|'.join(sorted((one[:PREFIX], other[:PREFIX])))}"
    for first, second in ((one, other), (other, one)):
        yield from (f"initial:{first[0]}|{sound}" for sound in heard[second])


WEIGHTS = {"same": 8, "day": 8, "sound": 6, "date": 5, "year": 4, "begins": 3, "initial": 3, "only": 2}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: parts of a name, and a day of birth if one was given."""

    parts: tuple[str, ...]
    born_on: date | None = None

    @classmethod
    def of(cls, text: str, born_on: date | None = None) -> Asked:
        """Reads a search box: a date among the words is a day of birth (month first), the rest are names."""
        for pattern in (
            r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b",
            r"\b(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})\b",
        ):
            found = re.search(pattern, text)
            if found:
                text = text.replace(found[0], " ")
                born_on = born_on or _day(int(found["y"]), int(found["m"]), int(found["d"]))
        return cls(tuple(name_parts(text)), born_on)

    @property
    def is_too_little(self) -> bool:
        """A single letter would find a tenth of a county."""
        return self.born_on is None and not any(len(part) > 1 for part in self.parts)

    def words(self) -> dict[str, int]:
        """Words of the index to ask for, each with its weight."""
        found: dict[str, int] = {}
        for word in self._words():
            weight = WEIGHTS[word.partition(":")[0]]
            found[word] = max(weight, found.get(word, 0))
        return found

    def _words(self) -> Iterator[str]:
        whole = [part for part in self.parts if len(part) > 1]
        initials = [part for part in self.parts if len(part) == 1]
        heard = {part: sounds_of(part) for part in whole}
        for one, other in combinations(whole, 2):
            yield from _pair(one, other, heard)
        for initial, part in product(initials, whole):
            yield from (f"initial:{initial}|{sound}" for sound in heard[part])
        for part in whole:
            yield from _single(part, heard) if len(self.parts) == 1 else _only(part, heard)
        if self.born_on is not None:
            yield from self._days(heard)

    def _days(self, heard: Heard) -> Iterator[str]:
        assert self.born_on is not None
        for day in _near_days(self.born_on):
            yield f"day:{day}"
        for sound in set().union(*heard.values()):
            yield f"year:{self.born_on.year}|{sound}"
            yield f"date:{self.born_on:%m-%d}|{sound}"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _near_days(born_on: date) -> set[date]:
    """The day, and the day with month and day exchanged."""
    swapped = _day(born_on.year, born_on.day, born_on.month)
    return {born_on} | ({swapped} if swapped else set())


LIKENESS = (
    (1.0, "Same name"),
    (0.9, "A short form of the name"),
    (0.85, "Sounds the same"),
    (0.75, "Begins the same"),
)
LEAST = 0.6


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like one child is to what was asked, and why, in words."""

    score: float
    why: str


def likeness(asked: Asked, *, names: list[str], born_on: date | None) -> Likeness | None:
    """None where the names do not fit, whatever brought the child here."""
    parts = name_parts(*names)
    heard = {part: sound_of(part) for part in {*parts, *asked.parts}}
    each = [max((_part_likeness(word, part, heard) for part in parts), default=0.0) for word in asked.parts]
    score = sum(each) / len(each) if each else LEAST
    if len(parts) < len(asked.parts) and max(each, default=0.0) >= LIKENESS[2][0]:
        score = max(score, LEAST)  # the rest of the child's name is not known yet
    why = next(
        (words for least, words in LIKENESS if each and min(each) >= least),
        "Part of the name" if each else "",
    )
    if asked.born_on is not None and born_on is not None:
        extra, said = _day_likeness(asked.born_on, born_on)
        score, why = score + extra, ", ".join(filter(None, (why, said)))
    return Likeness(score, why) if score >= LEAST else None


def _part_likeness(word: str, part: str, heard: Mapping[str, str]) -> float:
    if word == part:
        return 1.0
    if GROUPS.get(word, frozenset()) & GROUPS.get(part, frozenset()):
        return 0.9
    if len(word) > 1 and heard[word] == heard[part]:
        return 0.85
    if part.startswith(word):
        return 0.75
    alike = jellyfish.jaro_winkler_similarity(word, part)
    return alike * 0.8 if alike >= 0.85 else 0.0


def _day_likeness(asked: date, known: date) -> tuple[float, str]:
    if asked == known:
        return 0.3, "same date of birth"
    if known in _near_days(asked):
        return 0.2, "month and day of birth exchanged"
    if (asked.month, asked.day) == (known.month, known.day):
        return 0.15, "same birthday, other year"
    if asked.year == known.year:
        return 0.05, "born in the same year"
    return -0.1, "other date of birth"
