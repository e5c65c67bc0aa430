"""The one object that the page, the chart, its table, the CSV and the PDF of a committee report are all made from.

It holds masked numbers alone; the counts it was made from are not in it, so nothing made from it can show them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from agencies.disclosure.categories import AGGREGATE
from agencies.disclosure.redisclosure import Element, strictest
from cseccase.pictures import Bar, BarChart, Cell, Table, TableRow, bar_chart
from cseccase.wording import long_day_words
from reporting.blocks import Block, Line, Value
from reporting.duty_measures import BY_AGENCY
from reporting.measures import RawCounts, blocks_mask
from reporting.periods import Period, period_read
from reporting.suppression import NOT_SHOWN

NOTICE = strictest([Element(AGGREGATE, "agg")])
"""What travels with a published report: it is made of counts alone."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
FORCE_WORDS = {"law": "Law", "practice": "County practice", "": ""}
SMALL_NUMBERS = (
    "Small numbers could point to a child, so some are not shown, and enough others with them that sums give nothing away. "
    "Zeros are shown. The picture, the tables, the download and the print are made from the same numbers."
)


@dataclass(frozen=True, slots=True)
class MaskedReport:
    """What a county publishes about one period, fit to be seen by anybody the county shows it to."""

    county: str
    period: Period
    made_on: date
    protocol: int
    blocks: tuple[Block, ...]

    def block(self, key: str) -> Block:
        return next(block for block in self.blocks if block.key == key)

    @property
    def by_agency(self) -> tuple[Block, ...]:
        """Each duty that was owed, by agency and month; none in a report that was frozen before these were counted."""
        return tuple(block for block in self.blocks if block.key.startswith(BY_AGENCY))

    @property
    def worst(self) -> Line | None:
        """The duty shown with the lowest share on time; None when all that is shown was on time, or nothing is."""
        lines = [line for line in self.block("duties").lines if isinstance(line.values[3], int)]
        late = [line for line in lines if line.values[3] != 100]
        return min(late, key=_share) if late else None

    @property
    def finding(self) -> str:
        """The title: said of shown numbers alone."""
        worst = self.worst
        if worst is not None:
            return f"{worst.head}: on time for {worst.values[3]} % of children"
        return f"Report for {self.period.label}"

    @property
    def lead(self) -> str:
        worst = self.worst
        where = f"{self.county}, {self.period.label}."
        if worst is None:
            return where
        owed, on_time, *_ = worst.values
        return f"It fell due {owed:,} times, once a child, agency and part of the period; {on_time:,} on time. {where}"

    @property
    def frozen_words(self) -> str:
        return f"Counted on {long_day_words(self.made_on)}, under version {self.protocol} of the protocol, and frozen."


def _share(line: Line) -> int:
    return int(line.values[3] or 0)


def report_mask(
    counts: RawCounts, *, county: str, period: Period, made_on: date, protocol: int
) -> MaskedReport:
    """Masks once; from here on there are no other numbers."""
    return MaskedReport(county, period, made_on, protocol, blocks_mask(counts, period=period))


def to_content(report: MaskedReport) -> dict[str, Any]:
    """As a frozen report keeps it."""
    return {
        "county": report.county,
        "period": report.period.key,
        "made_on": report.made_on.isoformat(),
        "protocol": report.protocol,
        "blocks": [asdict(block) for block in report.blocks],
    }


def from_content(content: dict[str, Any]) -> MaskedReport:
    """A frozen report as it was masked."""
    blocks = tuple(
        Block(
            **{
                **block,
                "columns": tuple(block["columns"]),
                "lines": tuple(Line(**{**line, "values": tuple(line["values"])}) for line in block["lines"]),
            }
        )
        for block in content["blocks"]
    )
    return MaskedReport(
        county=content["county"],
        period=period_read(content["period"]),
        made_on=date.fromisoformat(content["made_on"]),
        protocol=content["protocol"],
        blocks=blocks,
    )


def value_words(value: Value, column: str) -> str:
    """One number as a person reads it."""
    if value is None:
        return NOT_SHOWN
    if isinstance(value, str):
        return value
    return f"{value} %" if column.endswith("%") else f"{value:,}"


def table_of(block: Block) -> Table:
    """A block as a table; duties carry their limit and whose rule it is."""
    is_duties = block.key == "duties"
    rows = []
    for line in block.lines:
        extra = [Cell(words=line.note, number=False), Cell(words=FORCE_WORDS[line.force], number=False)]
        cells = [
            Cell(words=value_words(value, column), shown=value is not None)
            for value, column in zip(line.values, block.columns, strict=True)
        ]
        head = f"{line.head} ({line.note})" if line.note and not is_duties else line.head
        rows.append(
            TableRow(head=head, cells=(*(extra if is_duties else []), *cells), is_total=line.is_total)
        )
    first = {"duties": "Duty", "training": "Course", "statuses": "Field", "referred": "First referral"}
    named = "Agency" if block.key.startswith(BY_AGENCY) else first.get(block.key, "Tier")
    columns = (named, *(("Within", "Rule") if is_duties else ()), *block.columns)
    return Table(caption=block.caption, head=columns, rows=tuple(rows))


def chart_of(report: MaskedReport) -> BarChart:
    """The share of each duty done on time; duties nobody owed have no bar."""
    worst = report.worst
    bars = []
    for line in report.block("duties").lines:
        share = line.values[3]
        if isinstance(share, str):
            continue
        bars.append(
            Bar(
                label=line.head,
                note=line.note,
                fraction=None if share is None else share / 100,
                words="" if share is None else f"{share} %",
                beside="" if share is None else f"{line.values[1]:,} of {line.values[0]:,}",
                is_finding=line is worst or (worst is not None and line.head == worst.head),
            )
        )
    if not bars:
        bars = [Bar(label="No duty fell due", fraction=0.0, words="none")]
    return bar_chart(
        uid="duties",
        summary=f"Share of each duty done on time, {report.period.label}. The table below says the same.",
        caption="Longer is better. The dark bar is the finding; hatched bars are not shown.",
        bars=bars,
        table=table_of(report.block("duties")),
    )


def csv_of(report: MaskedReport) -> str:
    """The download: a line a number, then the data dictionary. UTF-8 with its mark, so that spreadsheets read it right."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    for row in _csv_rows(report):
        write.writerow([guarded(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def _csv_rows(report: MaskedReport) -> Iterator[tuple[str, ...]]:
    yield ("Table", "Line", "Detail", "Rule", "Number of", "Value")
    for block in report.blocks:
        for line in block.lines:
            for column, value in zip(block.columns, line.values, strict=True):
                shown = value_words(value, column).removesuffix(" %").replace(",", "")
                yield (block.caption, line.head, line.note, FORCE_WORDS[line.force], column, shown)
    yield ()
    yield ("Data dictionary",)
    yield ("County", report.county)
    yield ("Period", report.period.label)
    yield ("Frozen", report.frozen_words)
    yield (NOT_SHOWN, SMALL_NUMBERS)
    yield ("Notice", NOTICE.sentence)
    for block in report.blocks:
        yield (block.caption, block.definition)


def guarded(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
