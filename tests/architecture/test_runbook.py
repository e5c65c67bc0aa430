"""Who is woken by an alarm finds its page."""

from __future__ import annotations

import re
from pathlib import Path

from referrals.services.watchmen import AlarmName

RUNBOOK = Path("docs/deploy/runbook.md")


def test_every_alarm_has_a_page_that_says_what_it_means_what_to_look_at_and_what_to_do() -> None:
    pages = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", RUNBOOK.read_text(encoding="utf-8"), re.M | re.S))
    assert pages.keys() == {str(name) for name in AlarmName}
    for name, page in pages.items():
        assert re.findall(r"^\*\*(\w+(?: at)?)\*\*", page, re.M) == ["Means", "Look at", "Do"], name
