"""The downloads of a review: who looked, and what changed, a line an entry, safe for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from reporting.masked_report import guarded
from reporting.selectors.changes import Version
from reporting.selectors.log_lines import LogLine

LOG_HEAD = ("When", "Who", "Agency", "Case file", "What", "About", "Open to them then", "Why they could")
CHANGES_HEAD = ("When", "Who", "Agency", "Record", "What", "Field", "Before", "After")


def log_csv(lines: Iterable[LogLine], *, zone: ZoneInfo, more: bool) -> bytes:
    """Entries of the access log, newest first."""
    rows = [
        (
            _moment(line.at, zone),
            line.who,
            line.agency,
            line.case_number,
            line.done,
            line.what,
            "; ".join(line.open_then),
            line.why,
        )
        for line in lines
    ]
    return _csv(LOG_HEAD, rows, more=more)


def changes_csv(versions: Iterable[Version], *, zone: ZoneInfo, more: bool) -> bytes:
    """Changes of records, newest first, a line for each field."""
    rows = [
        (
            _moment(version.at, zone),
            version.who,
            version.agency,
            version.title,
            version.done,
            change.field,
            change.before,
            change.after,
        )
        for version in versions
        for change in version.rows
    ]
    return _csv(CHANGES_HEAD, rows, more=more)


def _csv(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, more: bool) -> bytes:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(head)
    for row in rows:
        write.writerow([guarded(cell) for cell in row])
    if more:
        write.writerow(["There are more. Choose fewer days and download those too."])
    return ("\ufeff" + out.getvalue()).encode()


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %z")
