"""What became of everything: plain questions to the database after a storm, as its administrator.

It shares no code with the product. Two transactions are compared by when each was committed, not by what they wrote down.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.proofs.storm.servers import STORM, Servers

ZERO = (
    "lost",
    "doubled",
    "after stop",
    "too early",
    "without letter",
    "not sent",
    "promises broken",
    "forgotten",
)

STAGES_LOST = """
SELECT d.rule || ' ' || s.name FROM referrals_deadlinestage s JOIN referrals_deadline d ON d.id = s.deadline_id
WHERE s.fired_at IS NULL AND s.cancelled_at IS NULL AND s.fire_at < clock_timestamp() - interval '2 seconds'
UNION ALL
SELECT d.rule || ' ' || s.name || ' called off' FROM referrals_deadlinestage s
JOIN referrals_deadline d ON d.id = s.deadline_id
WHERE s.fired_at IS NULL AND s.cancelled_at IS NOT NULL AND s.name NOT LIKE 'up-%'
  AND d.met_at IS NULL AND d.dropped_by IS NULL
UNION ALL
SELECT d.rule || ' has no ' || wanted FROM referrals_deadline d, unnest(ARRAY['warning', 'due', 'breached', 'still']) wanted
WHERE NOT EXISTS (SELECT FROM referrals_deadlinestage s WHERE s.deadline_id = d.id AND s.name = wanted)
UNION ALL
SELECT 'no clock ' || e.id FROM referrals_caseevent e WHERE e.kind = 'referral_received' AND e.supersedes_id IS NULL
  AND NOT EXISTS (SELECT FROM referrals_deadline d WHERE d.started_root = e.id)
UNION ALL
SELECT 'look not reminded ' || l.id FROM referrals_emergencylook l
WHERE l.review_due_at < clock_timestamp() - interval '5 seconds' AND l.reviewed_at IS NULL
  AND NOT EXISTS (SELECT FROM agencies_notice n WHERE n.subject = l.id AND n.stage = 'overdue')
"""
DOUBLED = """
SELECT subject || ' ' || stage FROM agencies_notice GROUP BY subject, stage, recipient_id HAVING count(*) > 1
UNION ALL
SELECT key FROM outbox_message GROUP BY key HAVING count(*) > 1
UNION ALL
SELECT deadline_id || ' ' || name FROM referrals_deadlinestage GROUP BY deadline_id, name HAVING count(*) > 1
"""
AFTER_STOP = """
SELECT n.subject || ' ' || n.stage FROM agencies_notice n CROSS JOIN LATERAL (
  SELECT h.met_at IS NOT NULL OR h.dropped_by IS NOT NULL AS ended FROM referrals_historicaldeadline h
  WHERE h.id = n.subject AND pg_xact_commit_timestamp(h.xmin) < pg_xact_commit_timestamp(n.xmin)
  ORDER BY pg_xact_commit_timestamp(h.xmin) DESC, h.history_id DESC LIMIT 1) last
WHERE n.about = 'deadline' AND last.ended
"""
TOO_EARLY = """
SELECT s.deadline_id || ' ' || s.name FROM referrals_deadlinestage s WHERE s.fired_at < s.fire_at
UNION ALL
SELECT n.subject || ' ' || n.stage FROM agencies_notice n
LEFT JOIN referrals_deadlinestage s ON s.deadline_id = n.subject AND s.name = n.stage
WHERE n.about = 'deadline'
  AND (s.fired_at IS NULL OR pg_xact_commit_timestamp(n.xmin) < s.fire_at OR n.created_at < s.fire_at)
UNION ALL
SELECT n.subject || ' ' || n.stage FROM agencies_notice n JOIN referrals_emergencylook l ON l.id = n.subject
WHERE n.stage = 'overdue' AND pg_xact_commit_timestamp(n.xmin) < l.review_due_at
"""
WITHOUT_LETTER = """
SELECT n.subject || ' ' || n.stage FROM agencies_notice n
WHERE NOT EXISTS (SELECT FROM outbox_message m WHERE m.key = n.subject || ':' || n.stage || ':' || n.recipient_id)
  AND NOT (n.stage IN ('started', 'half') AND EXISTS (
    SELECT FROM outbox_message m WHERE m.recipient_id = n.recipient_id AND m.key LIKE 'digest:%'))
"""
NOT_SENT = """
SELECT state || ' ' || key FROM outbox_message
WHERE state <> 'sent' AND (state = 'failed' OR next_try_at < clock_timestamp() - interval '5 seconds')
"""
PROMISES_BROKEN = """
SELECT name FROM outbox_alarm WHERE name IN ('stages-missing', 'stage-fired-early', 'stage-told-nobody',
  'notice-too-soon', 'notice-without-message', 'deadline-differs', 'message-failed')
"""
STAFF = """
SELECT p.id, p.agency_id, a.role, g.duty FROM agencies_person p JOIN agencies_agency a ON a.id = p.agency_id
JOIN agencies_designation g ON g.person_id = p.id
"""
FIRED = """
SELECT s.deadline_id, s.name, d.owed_by_id, d.at_once, d.due_at - d.started_at, array_agg(n.recipient_id)
FROM referrals_deadlinestage s JOIN referrals_deadline d ON d.id = s.deadline_id
LEFT JOIN agencies_notice n ON n.subject = d.id AND n.stage = s.name
WHERE s.fired_at IS NOT NULL GROUP BY s.id, d.id
"""
STANDING = """
SELECT id::text FROM referrals_caseevent UNION ALL SELECT id::text FROM referrals_casefile
"""


def verdict(
    servers: Servers, *, told_saved: Collection[str] = (), postbox: Path | None = None
) -> dict[str, list[str]]:
    """Everything that must not be there, by what it is. `told_saved` are ids of which somebody was told: it is saved."""

    def ask(question: str) -> list[Any]:
        return servers.administer(question, database=STORM)

    def names(question: str) -> list[str]:
        return [str(name) for (name,) in ask(question)]

    sent = {str(pk) for (pk,) in ask("SELECT id FROM outbox_message WHERE state = 'sent'")}
    delivered = set(postbox.read_text().split()) if postbox and postbox.exists() else set()
    arrived = {line.strip("<>").split("@")[0] for line in delivered}
    standing = set(names(STANDING)) if told_saved else set()
    return {
        "lost": names(STAGES_LOST) + _untold(ask(STAFF), ask(FIRED)),
        "doubled": names(DOUBLED),
        "after stop": names(AFTER_STOP),
        "too early": names(TOO_EARLY),
        "without letter": names(WITHOUT_LETTER),
        "not sent": names(NOT_SENT) + (sorted(sent - arrived) if postbox else []),
        "promises broken": names(PROMISES_BROKEN),
        "forgotten": [str(saved) for saved in told_saved if str(saved) not in standing],
    }


def _untold(staff: list[Any], fired: list[Any]) -> list[str]:
    """Each person whom a stage that fired was for and who has no notice of it; nobody is on call in a storm."""

    def people(agency: object, *duties: str) -> set[object]:
        return {person for person, of, _, duty in staff if of == agency and duty in duties}

    coordinators = {person for person, _, role, duty in staff if (role, duty) == ("CWS", "coordinator")}
    lost = []
    for deadline, stage, agency, at_once, span, told in fired:
        workers, supervisors = people(agency, "line_worker", "hotline"), people(agency, "supervisor")
        director = people(agency, "director")
        kind = stage if stage.startswith("up-") else stage.split("-")[0]
        first = workers | (supervisors if at_once or span <= timedelta(hours=4) else set())
        wanted = {
            "started": first,
            "warning": first,
            "half": workers,
            "due": workers | supervisors,
            "breached": workers | supervisors | director,
            "still": supervisors | director | coordinators,
            "up-1": supervisors,
            "up-2": supervisors,
            "up-3": director or coordinators,
            "up-4": coordinators,
        }[kind]
        lost += [f"{deadline} {stage} told {told} not {person}" for person in wanted - set(told)]
    return lost
