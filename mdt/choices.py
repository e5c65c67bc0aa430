"""Code lists of team meetings."""

from __future__ import annotations

from django.db import models

from mdt import tiers


class Kind(models.TextChoices):
    """Which team meets. An ongoing team meets about one child, or reviews many cases without the child."""

    CRISIS = "crisis", "Immediate crisis"
    INITIAL = "initial", "Initial"
    ONGOING = "ongoing", "Ongoing"
    CASE_REVIEW = "case_review", "Ongoing, case review"

    @property
    def tier(self) -> str:
        return tiers.ONGOING if self is Kind.CASE_REVIEW else self.value


class Mode(models.TextChoices):
    """How the team meets."""

    IN_PERSON = tiers.IN_PERSON, "In person"
    VIDEO = tiers.VIDEO, "By video"
    PHONE = tiers.PHONE, "By telephone"


class State(models.TextChoices):
    """What became of a meeting."""

    SCHEDULED = "scheduled", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class Reply(models.TextChoices):
    """A member's answer to an invitation."""

    NONE = "none", "No answer yet"
    YES = "yes", "Will come"
    NO = "no", "Cannot come"
    MAYBE = "maybe", "Not sure yet"


class Attendance(models.TextChoices):
    """Whether a member took part."""

    NOT_RECORDED = "", "Not recorded"
    HERE = "here", "Here"
    PHONE = "phone", "By telephone or video"
    ABSENT = "absent", "Not here"


class Wish(models.TextChoices):
    """What the child said when asked about coming. Nobody assumes it."""

    NOT_ASKED = "", "Not asked yet"
    COMES = "comes", "Wants to come"
    OTHER_WAY = "other_way", "Wants to take part another way: a note, a call, somebody who speaks"
    NOT_NOW = "not_now", "Does not want to take part this time"
    UNREACHED = "unreached", "Could not be asked"


class Participation(models.TextChoices):
    """How the child took part."""

    NOT_RECORDED = "", "Not recorded"
    CAME = "came", "Came"
    PART = "part", "Came for a part of it"
    OTHER_WAY = "other_way", "Took part another way"
    NO = "no", "Did not take part"


class Briefing(models.TextChoices):
    """How the explanation to the child went: what the meeting is, who sits there, what they may know."""

    NOT_RECORDED = "", "Not recorded"
    UNDERSTOOD = "understood", "Read out; the child understood it"
    QUESTIONS = "questions", "Read out; the child had questions and they were answered"
    DECLINED = "declined", "The child did not want to hear it"
    NOT_READ = "not_read", "Not read out"
