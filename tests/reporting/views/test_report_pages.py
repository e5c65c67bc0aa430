"""The committee's pages: counts for those who may, no case for the committee, and the same numbers in every form."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Duty, Role
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from reporting.masked_report import from_content, table_of, value_words
from reporting.models import ReportOrder, ReportRun
from reporting.services.report import report_count_ordered
from tests.reporting.seeds import AUGUST, COUNTED_ON, JULY, referrals_seed, told_in_time
from tests.reporting.views.pages import MARKERS, main_of, pdf_is_tagged, pdf_text, signed_in, table_rows
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
KEY = "2026-q3"


@pytest.fixture(autouse=True)
def then() -> Iterator[None]:
    with time_machine.travel(COUNTED_ON, tick=True):
        yield


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def client(world: World) -> Client:
    return signed_in(world.person(Role.STEERING_COMMITTEE, Duty.COMMITTEE))


def count(client: Client) -> None:
    answer = client.post(reverse("reporting:committee_count"), {"period": KEY})
    assert answer.status_code == 302
    with acting_because("test"):
        order = ReportOrder.objects.get()
    report_count_ordered(order_id=order.pk, now=COUNTED_ON)


def page(client: Client, period: str = KEY) -> str:
    answer = client.get(reverse("reporting:committee"), {"period": period})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_period_is_ordered_waited_for_and_read(client: Client) -> None:
    assert "Count this period" in page(client)
    client.post(reverse("reporting:committee_count"), {"period": KEY})
    waiting = page(client)
    assert "is being counted" in waiting
    assert 'data-live-url="/reports/?period=2026-q3"' in waiting
    assert "Look again" in waiting
    count(client)
    assert "and frozen." in page(client)


def test_a_count_that_failed_says_that_nothing_was_published(client: Client) -> None:
    client.post(reverse("reporting:committee_count"), {"period": KEY})
    with acting_because("test"):
        ReportOrder.objects.update(state=ReportOrder.State.FAILED)
    assert "Nothing was published." in page(client)
    assert "Count this period" in page(client)
    assert client.get(reverse("reporting:committee_csv", args=[KEY])).status_code == 404


def test_page_download_and_print_show_the_same_masked_numbers(world: World, client: Client) -> None:
    told_in_time(world, referrals_seed(world, 14, JULY), late=2)
    referrals_seed(world, 3, AUGUST, by=Role.PROBATION, urgent=True)
    count(client)
    with acting_because("test"):
        report = from_content(ReportRun.objects.get().content)
    html = main_of(page(client))
    rows = table_rows(html)
    text = client.get(reverse("reporting:committee_csv", args=[KEY])).content.decode("utf-8-sig")
    numbers = {(row[0], row[1], row[4]): row[5] for row in csv.reader(io.StringIO(text)) if len(row) == 6}
    pdf = client.get(reverse("reporting:committee_pdf", args=[KEY])).content
    paper = pdf_text(pdf)
    hidden = 0
    for block in report.blocks:
        for row, line in zip(table_of(block).rows, block.lines, strict=True):
            words = [cell.words for cell in row.cells]
            assert [row.head, *words] in rows
            assert " ".join([row.head, *(word for word in words if word)]) in paper
            for value, column in zip(line.values, block.columns, strict=True):
                said = value_words(value, column)
                hidden += value is None
                assert numbers[(block.caption, line.head, column)] == said.removesuffix(" %").replace(",", "")
    assert hidden > 10
    assert (
        report.block("referred").lines[0].values == (14, 0, 14)
        or None in report.block("referred").lines[0].values
    )


def test_no_small_number_is_anywhere_in_page_download_or_print(world: World, client: Client) -> None:
    referrals_seed(world, 4, JULY, urgent=True)
    referrals_seed(world, 3, AUGUST)
    count(client)
    for cells in table_rows(main_of(page(client))):
        for cell in cells:
            assert not re.fullmatch(r"[1-9]|10", cell.strip()), cells
    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", page(client))
    assert not [words for words in drawn if re.search(r"\d of \d|^\d+ %$", words) and words not in SCALE]
    text = client.get(reverse("reporting:committee_csv", args=[KEY])).content.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        if len(row) == 6:
            assert not re.fullmatch(r"[1-9]|10", row[5]), row
    paper = pdf_text(client.get(reverse("reporting:committee_pdf", args=[KEY])).content)
    assert not re.search(r"Crisis \d|response \d|All [1-9]", paper)


SCALE = {"0 %", "25 %", "50 %", "75 %", "100 %"}


def test_the_print_is_tagged_and_names_who_printed_it_and_no_child(world: World, client: Client) -> None:
    referrals_seed(world, 2, JULY)
    count(client)
    pdf = client.get(reverse("reporting:committee_pdf", args=[KEY])).content
    assert pdf_is_tagged(pdf)
    text = pdf_text(pdf)
    assert world.person(Role.STEERING_COMMITTEE, Duty.COMMITTEE).full_name in text
    assert not any(marker in text for marker in MARKERS)


def test_no_worker_and_no_child_is_named_on_the_page(world: World, client: Client) -> None:
    referrals_seed(world, 2, JULY)
    count(client)
    html = unescape(main_of(page(client)))
    names = [*MARKERS, world.person(Role.CHILD_WELFARE, Duty.HOTLINE).full_name]
    assert not any(name in html for name in names)


def test_a_committee_member_opens_no_case_no_log_and_no_history(world: World, client: Client) -> None:
    referral = referrals_seed(world, 1, JULY)[0]
    case = referral.case_file_id
    for name, args, status in (
        ("changed", [case], 404),
        ("written_report", [case, referral.pk], 404),
        ("written_report_pdf", [case, referral.pk], 404),
        ("looked_case", [case], 403),
        ("looked", [], 403),
    ):
        assert client.get(reverse(f"reporting:{name}", args=args)).status_code == status, name
    worker = signed_in(world.person(Role.CHILD_WELFARE))
    assert worker.get(reverse("reporting:changed", args=[case])).status_code == 200


@pytest.mark.parametrize("duty", [Duty.LINE_WORKER, Duty.SECURITY_OFFICER, Duty.AUDITOR])
def test_others_are_told_the_rule_and_whom_to_ask(world: World, duty: Duty) -> None:
    answer = signed_in(world.person(Role.CHILD_WELFARE, duty)).get(reverse("reporting:committee"))
    assert answer.status_code == 403
    assert "security officer" in answer.content.decode()


@pytest.mark.parametrize("period", ["2026-q4", "1999", "nonsense", "2026-07-01"])
def test_a_period_that_is_not_offered_is_refused_with_words(client: Client, period: str) -> None:
    answer = client.get(reverse("reporting:committee"), {"period": period})
    assert answer.status_code == 400
    assert "Choose a period from the list." in answer.content.decode()
    assert client.get(reverse("reporting:committee_csv", args=[period])).status_code == 404


def test_the_other_kind_of_a_year_is_shut_with_its_reason(client: Client) -> None:
    client.post(reverse("reporting:committee_count"), {"period": "2025-q2"})
    assert "2025 is reported by quarter" in page(client, "2025")
    answer = client.post(reverse("reporting:committee_count"), {"period": "2025"})
    assert answer.status_code == 409
    assert "subtracted" in answer.content.decode()


def test_every_look_and_every_download_is_recorded(client: Client) -> None:
    count(client)
    page(client)
    client.get(reverse("reporting:committee_csv", args=[KEY]))
    client.get(reverse("reporting:committee_pdf", args=[KEY]))
    with acting_because("test"):
        verbs = list(
            AccessEntry.objects.filter(subject_kind="report").order_by("at").values_list("verb", "facts__as")
        )
    assert verbs == [
        (Verb.REPORT_VIEWED, None),
        (Verb.REPORT_EXPORTED, "csv"),
        (Verb.REPORT_EXPORTED, "pdf"),
    ]


def test_reading_a_report_costs_the_same_however_many_children_it_counts(
    world: World, client: Client
) -> None:
    count(client)
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    referrals_seed(world, 15, JULY)
    other = county_make("Otherwhere County")
    referrals_seed(other, 3, JULY)
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(few) == len(many)
