"""Papers of a court: an order, the appointment of a CASA, counsel, standing under WIC 827, sealed records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from agencies.disclosure.papers.terms import Circumstances, Lack, Terms, not_later

PART_2_ORDER: Final = "P2CO"
SUBSTANCE_USE_RECORDS: Final = "r10"
SEALED_LONGEST: Final = timedelta(days=90)
"""How long a purpose for a sealed record holds before it is written anew: the county's own limit."""

_ORDER = "WIC 827(a)(1)(Q)"
_CASA = "WIC 103, 107"
_COUNSEL = "WIC 317, 827(a)(1)(E), (V)"
_SEALED = "WIC 786, 787"


@dataclass(frozen=True, slots=True)
class CourtOrderTerms(Terms):
    """An order that lets one agency have one category of record, on its terms.

    A general order does not reach substance-use treatment records: those need one with the findings of 42 CFR 2.64.
    """

    court: str = ""
    case_number: str = ""
    judge: str = ""
    ordered_on: date | None = None
    terms_ordered: str = ""
    part_2_findings: bool = False

    kind: ClassVar[str] = "CO"
    name: ClassVar[str] = "Court order"
    law: ClassVar[str] = _ORDER
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("court", "Name the court", _ORDER),
        Lack("case_number", "Write the court’s case number", _ORDER),
        Lack("judge", "Name the judicial officer", _ORDER),
        Lack("ordered_on", "Write the day of the order", _ORDER),
        Lack("terms_ordered", "Write what the order allows, and to whom", _ORDER),
    )

    def ground(self) -> str:
        return PART_2_ORDER if self.category == SUBSTANCE_USE_RECORDS else self.kind

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        yield from not_later("ordered_on", self.ordered_on, when, _ORDER)
        if self.category == SUBSTANCE_USE_RECORDS and not self.part_2_findings:
            yield Lack(
                "part_2_findings",
                "Substance-use treatment records need an order with its own findings; a general one does not reach them",
                "42 CFR 2.61, 2.64",
            )


@dataclass(frozen=True, slots=True)
class CasaTerms(Terms):
    """The order that appoints a court appointed special advocate and lets the advocate read records."""

    court: str = ""
    case_number: str = ""
    ordered_on: date | None = None
    advocate: str = ""
    reads_records: bool = False

    kind: ClassVar[str] = "CASA"
    name: ClassVar[str] = "CASA appointment"
    law: ClassVar[str] = _CASA
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("court", "Name the court", _CASA),
        Lack("case_number", "Write the court’s case number", _CASA),
        Lack("ordered_on", "Write the day of the appointment", "WIC 103"),
        Lack("advocate", "Name the appointed advocate", "WIC 103"),
        Lack("reads_records", "The order must let the advocate inspect and copy records", "WIC 107"),
    )

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        yield from not_later("ordered_on", self.ordered_on, when, "WIC 103")


@dataclass(frozen=True, slots=True)
class RetainerTerms(Terms):
    """An attorney or legal provider acts for this young person, appointed or retained."""

    attorney: str = ""
    began_on: date | None = None
    appointed: bool = False
    court: str = ""
    case_number: str = ""
    acts_for_youth: bool = False

    kind: ClassVar[str] = "own-client"
    name: ClassVar[str] = "Appointment or retainer of counsel"
    law: ClassVar[str] = _COUNSEL
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("attorney", "Name the attorney or provider", _COUNSEL),
        Lack("began_on", "Write the day it began", _COUNSEL),
        Lack("acts_for_youth", "The client must be this young person", _COUNSEL),
    )

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        yield from not_later("began_on", self.began_on, when, _COUNSEL)
        if self.appointed:
            if not self.court.strip():
                yield Lack("court", "Name the court that appointed counsel", _COUNSEL)
            if not self.case_number.strip():
                yield Lack("case_number", "Write the court’s case number", _COUNSEL)


@dataclass(frozen=True, slots=True)
class CourtFileTerms(Terms):
    """Somebody stands in the list of WIC 827(a)(1): counsel of a party (E), a team member (K), the youth's attorney (V).

    A team member inspects and takes no copy (827(a)(5)).
    """

    paragraph: str = ""
    capacity: str = ""
    case_number: str = ""
    takes_part: bool = False

    kind: ClassVar[str] = "827"
    name: ClassVar[str] = "Standing under WIC 827"
    law: ClassVar[str] = "WIC 827(a)(1)"
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("paragraph", "Choose the paragraph that lists the recipient", "WIC 827(a)(1)"),
        Lack("capacity", "Write in what capacity the recipient reads the file", "WIC 827(a)(1)"),
    )

    def ground(self) -> str:
        return f"827{self.paragraph}"

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        if self.paragraph == "E" and not self.takes_part:
            yield Lack(
                "takes_part", "Counsel must actively take part in this child’s case", "WIC 827(a)(1)(E)"
            )
        if self.paragraph in {"E", "V"} and not self.case_number.strip():
            yield Lack("case_number", "Write the court’s case number", f"WIC 827(a)(1)({self.paragraph})")


@dataclass(frozen=True, slots=True)
class SealedTerms(Terms):
    """One of the few purposes for which the law lets a sealed record be read."""

    authority: str = ""
    purpose: str = ""

    kind: ClassVar[str] = "seal"
    name: ClassVar[str] = "Lawful purpose for a sealed record"
    law: ClassVar[str] = _SEALED
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("authority", "Name the paragraph or the order that allows it", _SEALED),
        Lack("purpose", "Write the purpose; nothing else may be done with the record", _SEALED),
        Lack("until", "Say until when; a purpose ends", _SEALED),
    )

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        if self.until is not None and self.until > self.since + SEALED_LONGEST:
            yield Lack(
                "until", f"At most {SEALED_LONGEST.days} days; write a new one then", "County protocol"
            )
