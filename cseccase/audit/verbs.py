"""Everything the access log can say, one line each: a page that a lawyer can read."""

from __future__ import annotations

from django.db import models


class Verb(models.TextChoices):
    """What somebody did."""

    CASE_VIEWED = "case.viewed", "opened the case file"
    CASE_LISTED = "case.listed", "saw a list of case files"
    CASE_SEARCHED = "case.searched", "searched the index"
    NAME_SHOWN = "child.name_shown", "showed the full name"
    REFERRAL_LOGGED = "referral.logged", "logged a referral"
    REFERRAL_VIEWED = "referral.viewed", "opened a referral"
    REFERRAL_LISTED = "referral.listed", "saw a list of referrals"
    RESPONSE_DECIDED = "response.decided", "decided the response"
    RECORD_VIEWED = "record.viewed", "opened records of a category"
    RECORD_WRITTEN = "record.written", "wrote a record"
    EVENT_RECORDED = "event.recorded", "recorded what happened"
    DUTY_LISTED = "duty.listed", "saw a list of duties"
    DUTY_VIEWED = "duty.viewed", "opened a duty"
    DUTY_TAKEN = "duty.taken", "took a duty on"
    DUTY_ACKNOWLEDGED = "duty.acknowledged", "said that they see to a duty"
    DUTY_EXPLAINED = "duty.explained", "said why a duty was late"
    DUTY_REVIEWED = "duty.reviewed", "reviewed why a duty was late"
    DUTY_DROPPED = "duty.dropped", "recorded that a duty does not apply"
    STATUS_WRITTEN = "status.written", "set a status field"
    MEETING_SCHEDULED = "meeting.scheduled", "scheduled a team meeting"
    MEETING_VIEWED = "meeting.viewed", "opened a team meeting"
    MEETING_LISTED = "meeting.listed", "saw a list of team meetings"
    MEETING_CHANGED = "meeting.changed", "changed a team meeting"
    INVITATION_ANSWERED = "invitation.answered", "answered an invitation"
    CALENDAR_EXPORTED = "calendar.exported", "downloaded a calendar file"
    DOCUMENT_PRINTED = "document.printed", "made a document"
    REPORT_VIEWED = "report.viewed", "opened the committee report"
    REPORT_EXPORTED = "report.exported", "exported the committee report"
    HISTORY_VIEWED = "history.viewed", "looked at what changed"
    HISTORY_EXPORTED = "history.exported", "exported what changed"
    LOG_VIEWED = "log.viewed", "looked at who looked"
    LOG_EXPORTED = "log.exported", "exported who looked"
    LOOKS_REVIEWED = "looks.reviewed", "wrote down what came of a review"
    SHARING_CHANGED = "sharing.changed", "changed who takes part or may see"
    SHARING_VIEWED = "sharing.viewed", "looked at who may see"
    EMERGENCY_OPENED = "emergency.opened", "opened a file in an emergency"
    EMERGENCY_ENDED = "emergency.ended", "ended an emergency look"
    EMERGENCY_VIEWED = "emergency.viewed", "opened the record of an emergency look"
    EMERGENCY_LISTED = "emergency.listed", "saw a list of emergency looks"
    EMERGENCY_REVIEWED = "emergency.reviewed", "reviewed an emergency look"
    ACCESS_ASKED = "access.asked", "asked for access"
    ACCESS_ANSWERED = "access.answered", "answered a request for access"
    ACCESS_VIEWED = "access.viewed", "opened a request for access"
    ACCESS_LISTED = "access.listed", "saw a list of requests for access"
    MATRIX_VIEWED = "matrix.viewed", "looked at the sharing rules"
    NOTE_VIEWED = "note.viewed", "opened notes that only they can read"
    NOTE_WRITTEN = "note.written", "wrote a note that only they can read"
    PART_SEALED = "part.sealed", "sealed a part of the file, or opened a sealed part"
    ROSTER_CHANGED = "roster.changed", "changed who is on call"
    STAFF_CHANGED = "staff.changed", "changed a person's designation or training"
    REFUSED = "refused", "was refused"
    NOT_FOUND = "not_found", "asked for something not visible to them"


SHOWN = frozenset(
    verb for verb in Verb if verb.value.endswith((".viewed", ".name_shown", ".printed", ".exported"))
)
"""Acts that show something to the person: their entries say on what ground."""


OWN_ONLY = frozenset({Verb.NOTE_VIEWED, Verb.NOTE_WRITTEN, Verb.PART_SEALED})
"""Acts whose entries are read by the person themselves alone: that such a note, or a sealed part, exists is protected as its words are."""
