"""Who appears in the practice county's cases, and how its story counts time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from referrals.deadlines import kinds
from reporting.practice.teller import Teller

POLICE, PROSECUTOR = kinds.TO_LAW_ENFORCEMENT, kinds.TO_DISTRICT_ATTORNEY
HOTLINE, WORKER, SUPERVISOR = "Dana Reyes", "Mai Tanaka", "Priya Raman"
INTAKE, OFFICER = "Noor Haddad", "Tomas Vega"
ADVOCATE, NURSE = "Sofia Duarte", "Amara Diallo"
CLINICIAN, COUNSELOR = "Joelle Baptiste", "Felix Moreau"


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def days(number: float) -> timedelta:
    return timedelta(days=number)


def born(teller: Teller, years: int) -> date:
    """A birthday that makes the child this old on the day the county is set up."""
    now: datetime = teller.practice.now
    today = now.astimezone(ZoneInfo(teller.practice.county.zone)).date()
    return (today - days(100)).replace(day=15, year=(today - days(100)).year - years)
