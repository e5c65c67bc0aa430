"""Whoever is picked from the practice list lands on a page that works, and so does every page their navigation names."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from reporting.practice.county import PracticeCounty
from reporting.practice.people import PEOPLE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", [who.name for who in PEOPLE])
def test_home_and_every_page_of_the_navigation_open(
    practice: PracticeCounty, client: Client, name: str
) -> None:
    person = practice.people[name]
    page = client.post("/account/practice/", {"person": str(person.pk)}, follow=True)
    assert page.status_code == 200, page.redirect_chain
    html = page.content.decode()
    navigation = re.search(r'<ul class="only-l">(.*?)</ul>', html, re.S)
    assert navigation is not None
    for address in re.findall(r'href="([^"]+)"', navigation[1]):
        assert client.get(address).status_code == 200, address


def test_the_list_names_everybody_with_something_to_try(practice: PracticeCounty, client: Client) -> None:
    html = client.get("/account/practice/").content.decode()
    for who in PEOPLE:
        assert who.name in html
        assert who.title in html
