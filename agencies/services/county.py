"""Opening a county: its zone, its first sharing rules, and agencies that each begin with one security officer.

Nobody is signed in yet, so the operator of the server acts, by command. Every act is in the access log without a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction

from agencies.choices import Role
from agencies.models import Agency, County, Person
from agencies.services.people import officer_invite
from agencies.services.protocol import default_matrix, protocol_sign
from agencies.services.staff import agency_open
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.errors import RuleBroken

BECAUSE = "a county is opened by its operator"
NOT_CONFIRMED = "County counsel has not confirmed these rules yet"
FIRST_NOTE = "The product’s default rules. County counsel confirms or changes them before the first case."


@dataclass(frozen=True, slots=True)
class AgencySaid:
    """What is said of a new agency and of the person who will open its other accounts."""

    role: Role
    name: str
    officer_name: str
    officer_email: str
    designated_by: str = "The agency’s director"
    governmental: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """An agency with its first security officer; `is_new` is False when all of it was there already."""

    agency: Agency
    officer: Person
    is_new: bool


@transaction.atomic
def county_open(
    *,
    name: str,
    zone: str,
    first: AgencySaid,
    now: datetime,
    hotline: str = "",
    night_line: str = "",
    approved_by: str = NOT_CONFIRMED,
) -> Opened:
    """A county with its protocol's first version, its first agency and that agency's security officer.

    Said again in the same words it changes nothing. Raises RuleBroken for another county of this name, a zone nobody
    knows, and whatever `agency_add` refuses.
    """
    name = _written(name, County, "name", "the county’s name")
    zone_known(zone)
    with acting_because(BECAUSE):
        there = County.objects.filter(name__iexact=name).first()
        if there is not None:
            same = _found(there, first) if there.zone == zone else None
            if same is None:
                raise RuleBroken(
                    f"{there.name} is open already. `county agency` adds a further agency to it.",
                    field="name",
                )
            return same
        county = County.objects.create(
            name=name,
            zone=zone,
            hotline=_written(hotline, County, "hotline", "the hotline", needed=False),
            night_line=_written(night_line, County, "night_line", "the night line", needed=False),
        )
        protocol_sign(
            county=county,
            matrix=default_matrix(),
            effective_at=now,
            approved_by=approved_by[:128],
            note=FIRST_NOTE,
        )
        record(
            Verb.SHARING_CHANGED,
            viewer=None,
            at=now,
            subject_kind="county",
            subject=county.pk,
            facts={"did": "county opened", "version": 1},
        )
        return agency_add(county=county, said=first, now=now)


@transaction.atomic
def agency_add(*, county: County, said: AgencySaid, now: datetime) -> Opened:
    """A further agency of a county, with its first security officer, who is sent a one-time link.

    Said again in the same words it changes nothing. Raises RuleBroken for an agency of this name that is another, a name
    that does not fit, and an e-mail address that is none or is in use.
    """
    name = _written(said.name, Agency, "name", "the agency’s name")
    officer_name = _written(said.officer_name, Person, "full_name", "the officer’s name")
    designated_by = said.designated_by.strip()[:128] or "The agency’s director"
    _address_known(said.officer_email)
    with acting_because(BECAUSE):
        same = _found(county, said)
        if same is not None:
            return same
        if Agency.objects.filter(county=county, name__iexact=name).exists():
            raise RuleBroken(
                f"{county.name} has an agency named {name} already, with another role or security officer. "
                "Its security officer invites further people on the page “People”.",
                field="agency-name",
            )
        agency = agency_open(
            county=county,
            role=said.role,
            name=name,
            short_name=name if len(name) <= 40 else said.role.label[:40],
            governmental=said.governmental,
        )
        record(
            Verb.SHARING_CHANGED,
            viewer=None,
            at=now,
            subject_kind="agency",
            subject=agency.pk,
            facts={"did": "agency added", "role": said.role.value},
        )
        officer = officer_invite(
            agency=agency,
            full_name=officer_name,
            email=said.officer_email.strip(),
            designated_by=designated_by,
            starts_on=now.astimezone(ZoneInfo(county.zone)).date(),
            now=now,
        )
    return Opened(agency, officer, is_new=True)


@transaction.atomic
def county_numbers(*, county: County, hotline: str, night_line: str, now: datetime) -> list[str]:
    """The telephone numbers that every page may show; an empty one stays as it was. Returns the names of what changed."""
    changed = []
    for field, what, said in (
        ("hotline", "the hotline", hotline),
        ("night_line", "the night line", night_line),
    ):
        text = _written(said, County, field, what, needed=False)
        if text and text != getattr(county, field):
            setattr(county, field, text)
            changed.append(field)
    if changed:
        county.save(update_fields=changed)
        with acting_because(BECAUSE):
            record(
                Verb.SHARING_CHANGED,
                viewer=None,
                at=now,
                subject_kind="county",
                subject=county.pk,
                facts={"did": "telephone numbers changed", "fields": changed},
            )
    return changed


def zone_known(zone: str) -> None:
    """Raises RuleBroken for a time zone that is in no table, with names that come near."""
    known = available_timezones()
    if zone in known:
        return
    by_lower = {one.lower(): one for one in known} | {
        one.rpartition("/")[2].lower(): one for one in sorted(known)
    }
    said = zone.strip().lower().replace(" ", "_")
    near = get_close_matches(said, by_lower, n=3, cutoff=0.6)
    names = list(dict.fromkeys(by_lower[one] for one in near)) or ["America/Los_Angeles"]
    raise RuleBroken(
        f"There is no time zone “{zone}”. Did you mean {' or '.join(names)}? California’s counties lie in America/Los_Angeles.",
        field="timezone",
    )


def _address_known(address: str) -> None:
    try:
        validate_email(address.strip())
    except ValidationError:
        raise RuleBroken(
            f"“{address}” is not an e-mail address. Write it like name@agency.gov.", field="officer-email"
        ) from None


def _written(said: str, model: type[models.Model], field: str, what: str, *, needed: bool = True) -> str:
    text = " ".join(said.split())
    room: int | None = getattr(model._meta.get_field(field), "max_length", None)
    if needed and not text:
        raise RuleBroken(f"Say {what}.", field=field)
    if room is not None and len(text) > room:
        raise RuleBroken(f"Write {what} in at most {room} characters.", field=field)
    return text


def _found(county: County, said: AgencySaid) -> Opened | None:
    """The same agency with the same officer, when all of it is there already."""
    officer = (
        Person.objects.select_related("agency__county")
        .filter(
            agency__county=county,
            agency__role=said.role,
            agency__name__iexact=" ".join(said.name.split()),
            email__iexact=said.officer_email.strip(),
        )
        .first()
    )
    return Opened(officer.agency, officer, is_new=False) if officer else None
