"""Committee reports: what was ordered, and what was counted, masked and frozen."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from agencies.models import County
from cseccase.confidentiality.walls import Wall
from reporting.periods import Period, PeriodKind

OWN_COUNTY = (
    "{table}.county_id = (SELECT a.county_id FROM agencies_person p JOIN agencies_agency a ON a.id = p.agency_id "
    "WHERE p.id = (SELECT app_viewer()))"
)


class PeriodOfCounty(models.Model):
    """One county and one period of it, at most once in a table."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PeriodKind.choices)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="The quarter, 1 to 4; 0 for a whole year.")

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        return Period(self.year, self.number)


class ReportRun(PeriodOfCounty):
    """One county's report on one period, masked and frozen: the table refuses every change and deletion.

    `content` is the masked object (reporting.masked_report) and nothing else. A period is counted once: two counts of it
    could be subtracted from one another down to the one child who was entered in between.
    """

    made_at = models.DateTimeField()
    made_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who asked for the count.",
    )
    content = models.JSONField()

    append_only: ClassVar[bool] = True
    wall: ClassVar[Wall] = Wall(read=OWN_COUNTY, write="false", rights=("SELECT", "INSERT"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="one_frozen_report_a_period"),
            models.CheckConstraint(
                condition=models.Q(number__lte=4), name="report_covers_a_quarter_or_a_year"
            ),
        ]

    def __str__(self) -> str:
        return self.period.key


class ReportOrder(PeriodOfCounty):
    """Somebody asked for a period to be counted, and how far the counting is."""

    class State(models.TextChoices):
        WAITING = "waiting", "waits for its turn"
        COUNTING = "counting", "is being counted"
        DONE = "done", "is frozen"
        FAILED = "failed", "did not finish"

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    state_at = models.DateTimeField()

    wall: ClassVar[Wall] = Wall(read=OWN_COUNTY, write=OWN_COUNTY, rights=("SELECT", "INSERT", "UPDATE"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="one_order_a_period"),
        ]
        indexes = [
            models.Index(
                fields=["state_at"],
                name="orders_not_finished",
                condition=models.Q(state__in=["waiting", "counting"]),
            ),
        ]

    def __str__(self) -> str:
        return self.period.key

    @property
    def is_running(self) -> bool:
        return self.state in {self.State.WAITING, self.State.COUNTING}
