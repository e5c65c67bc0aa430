"""Page, chart, table, CSV and PDF say the same, because they are made from the same masked object."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from cseccase.pictures import Table
from reporting.masked_report import (
    MaskedReport,
    chart_of,
    csv_of,
    from_content,
    guarded,
    report_mask,
    table_of,
    to_content,
    value_words,
)
from reporting.measures import CRISIS, INITIAL, RawCounts
from reporting.periods import Period
from reporting.suppression import NOT_SHOWN

SMALL = RawCounts(
    referred={(0, "CW", CRISIS): 7, (1, "CW", INITIAL): 40, (2, "PO", CRISIS): 9, (2, "CW", CRISIS): 25},
    statuses={"6867": 8, "6868": 55},
    duties={
        "response-2h": {("Child Welfare", 0): (47, 39)},
        "written-36h": {("Child Welfare", 0): (164, 131)},
        "missing-le-24h": {("Child Welfare", 0): (74, 60)},
        "missing-ncmec-24h": {("Child Welfare", 0): (74, 41)},
        "victim-le-24h": {("Child Welfare", 0): (44, 37)},
    },
    meetings={"crisis": 6, "initial": 70, "ongoing": 80},
    training={"csec_101": 44, "csec_102": 26},
    staff=48,
)


def report(counts: RawCounts = SMALL) -> MaskedReport:
    return report_mask(
        counts, county="Valverde County", period=Period(2026, 3), made_on=date(2026, 10, 20), protocol=4
    )


def csv_rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def published(text: str) -> dict[tuple[str, str, str], str]:
    rows = csv_rows(text)
    end = rows.index([])
    return {(row[0], row[1], row[4]): row[5] for row in rows[1:end]}


def table_cells(table: Table, columns: tuple[str, ...]) -> dict[tuple[str, str], tuple[str, bool]]:
    return {
        (row.head, column): (cell.words, cell.shown)
        for row in table.rows
        for column, cell in zip(columns, row.cells[-len(columns) :], strict=True)
    }


def test_table_and_download_hold_the_same_numbers() -> None:
    made = report()
    numbers = published(csv_of(made))
    seen = 0
    for block in made.blocks:
        for (head, column), (words, shown) in table_cells(table_of(block), block.columns).items():
            plain = head if block.key in {"duties", "training"} else head.split(" (")[0]
            found = numbers[(block.caption, plain, column)]
            assert found == (words.removesuffix(" %").replace(",", "") if shown else NOT_SHOWN)
            seen += 1
    assert seen == len(numbers)


def test_the_chart_draws_what_the_table_says_and_hatches_what_it_hides() -> None:
    made = report()
    bars = {placed.bar.label: placed.bar for placed in chart_of(made).wide.bars}
    for line in made.block("duties").lines:
        share = line.values[3]
        if isinstance(share, str):
            assert line.head not in bars
        elif share is None:
            assert bars[line.head].fraction is None
            assert bars[line.head].words == bars[line.head].beside == ""
        else:
            assert bars[line.head].fraction == share / 100
            assert bars[line.head].beside == f"{line.values[1]} of {line.values[0]}"
    assert any(bar.fraction is None for bar in bars.values())


def test_no_hidden_number_is_in_the_frozen_content() -> None:
    kept = to_content(report())["blocks"]
    shown = {value for block in kept for line in block["lines"] for value in line["values"]}
    # Counted in SMALL and too small, or giving a small one away: 47 - 39 is 8.
    assert shown.isdisjoint({6, 7, 8, 9, 39, 47})
    worker = next(line for line in report().block("duties").lines if line.head == "Worker with the child")
    assert worker.values == (None, None, None, None)


def test_a_hidden_cell_never_says_why() -> None:
    text = csv_of(report()).lower()
    assert NOT_SHOWN in text
    for telling in ("1 to 10", "<11", "fewer than", "less than 11", "small count", "complement", "suppress"):
        assert telling not in text


def test_the_title_speaks_of_a_shown_number_alone() -> None:
    made = report()
    worst = made.worst
    assert worst is not None and None not in worst.values
    assert made.finding == "NCMEC told a child is missing: on time for 55 % of children"
    everything_small = report(
        RawCounts(duties={"written-36h": {("Child Welfare", 0): (9, 2)}}, referred={(0, "CW", CRISIS): 9})
    )
    assert everything_small.finding == "Report for July to September 2026"
    assert everything_small.lead == "Valverde County, July to September 2026."


def test_a_frozen_report_is_read_back_as_it_was() -> None:
    made = report()
    assert from_content(json.loads(json.dumps(to_content(made)))) == made


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_of_the_download_is_a_formula(start: str) -> None:
    assert guarded(f"{start}1+1") == f"'{start}1+1"
    named = report_mask(
        SMALL, county=f"{start}HYPERLINK()", period=Period(2026, 3), made_on=date(2026, 10, 20), protocol=1
    )
    for row in csv_rows(csv_of(named)):
        assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)


def test_the_download_carries_its_data_dictionary_and_its_encoding() -> None:
    text = csv_of(report())
    assert text.startswith("\ufeff")
    words = {row[0]: row[1] for row in csv_rows(text) if len(row) == 2}
    for block in report().blocks:
        assert words[block.caption] == block.definition
    assert NOT_SHOWN in words


def test_one_neutral_word_stands_for_every_hidden_number() -> None:
    assert value_words(None, "Children") == value_words(None, "On time, %") == NOT_SHOWN
    assert value_words(1204, "Children") == "1,204"
    assert value_words(81, "On time, %") == "81 %"
