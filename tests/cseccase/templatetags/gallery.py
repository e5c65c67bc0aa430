"""One page for each kind of screen, made of every component, with made-up answers: what the tests look at."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace as Made
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.template import engines
from django.utils import timezone

from cseccase.forms import NOT_KNOWN, DayTimeField, NotKnownCharField, NotKnownIntegerField, UswdsFormMixin
from cseccase.pictures import Bar, BarChart, Cell, ClockStrip, Step, Table, TableRow, bar_chart, clock_strip

LA = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 18, 0, 12, tzinfo=UTC)
PAGES = Path(__file__).parent / "pages"
STATES = [
    "overdue",
    "past_target",
    "at_once",
    "today",
    "later",
    "open",
    "waiting",
    "done",
    "empty_seat",
    "not_shown",
    "choice",
    "dropped",
]

SHELL = Made(
    product_name="Care Coordination",
    county_name="Valverde County",
    person_name="Dana Reyes",
    agency_name="Child Welfare",
    duty_names="Emergency Response",
    nav=[
        Made(label=label, url=f"/{label}", current=label == "My duties")
        for label in ("My duties", "Case files", "Meetings")
    ],
    may_log_referral=True,
    urgent_url="/urgent",
    may_find=True,
    find_url="/find",
    hide_url="/hide",
    extend_url="/extend",
    sign_out_url="/out",
    account_url="/me",
    practice_data=True,
    idle_seconds=900,
    signed_in_until=NOW + timedelta(minutes=15),
    night_line="At night phone the hotline, 555-0100.",
    unread_notices=2,
    notices_url="/notices",
    is_signed_in=True,
)
SIGNED_OUT = Made(product_name="Care Coordination", county_name="Valverde County", practice_data=True)


class Urgent(UswdsFormMixin, forms.Form):
    """Every kind of question."""

    told_at = DayTimeField(label="When were you told?", help_text="Clocks run from this time.")
    phone = NotKnownCharField(label="Call-back number", max_length=40, input_attrs={"inputmode": "tel"})
    danger = forms.ChoiceField(
        label="Is the child in immediate danger?",
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        widget=forms.RadioSelect,
    )
    age = NotKnownIntegerField(
        label="About how old, in years?", min_value=0, max_value=25, help_text="A guess is fine."
    )
    words = NotKnownCharField(label="What happened?", rows=4, max_length=2000)
    note = forms.CharField(label="Anything else", required=False)
    agency = forms.ChoiceField(label="Agency", choices=[("a", "Child Welfare"), ("b", "Probation")])
    tongues = forms.MultipleChoiceField(
        label="Languages",
        choices=[("en", "English"), ("es", "Spanish")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    paper = forms.FileField(label="Paper", required=False)
    agree = forms.BooleanField(label="I read the statement aloud", help_text="Saved with the time.")


class SignIn(UswdsFormMixin, forms.Form):
    """The first page anybody sees."""

    login = forms.EmailField(label="Email")
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


def strip(uid: str, place: float, last: str) -> ClockStrip:
    """Five clocks, one of them with a long title."""
    steps = [
        Step(label="2 h", title="At the child", note="in 1 h 26 min", state="done", force="practice"),
        Step(
            label="24 h",
            title="Contact and police",
            note="2 of 2 on time",
            state="done",
            force="law",
            evidence="R-11873",
        ),
        Step(
            label="36 h",
            title="Written reports to every agency telephoned",
            note="Wed, 9:40 a.m.",
            state="later",
        ),
        Step(
            label="72 h",
            title="Medical, support",
            note="Thu, 9:40 p.m.",
            state="waiting",
            left_words="2 days left",
        ),
        Step(label="10 d", title="Team meeting", note="Thu, Nov 26", state=last, citation="Protocol 4.3"),
    ]
    return clock_strip(
        uid=uid,
        summary="Clocks since Monday. Two met, three running.",
        start_words="Start",
        start_note="Mon, 9:40 p.m.",
        now_words="Now, 4:12 p.m.",
        now_place=place,
        steps=steps,
    )


def chart() -> BarChart:
    """A finding, a bar not shown, a long label, a tiny bar."""

    def cell(words: str, *, shown: bool = True) -> Cell:
        return Cell(words=words, shown=shown)

    table = Table(
        caption="The same numbers",
        head=("Duty", "Owed", "On time"),
        rows=(
            TableRow(head="Worker with the child", cells=(cell("86"), cell("71"))),
            TableRow(head="In-person contact", cells=(cell("112"), cell("107", shown=False))),
            TableRow(head="All", cells=(cell("198"), cell("178", shown=False)), is_total=True),
        ),
    )
    return bar_chart(
        uid="b1",
        summary="Share of duties done on time.",
        caption="Longer is better. The bar that stands out is the finding; hatched bars are not shown.",
        goal=0.9,
        goal_words="county goal, 90 %",
        table=table,
        bars=[
            Bar(label="Worker with the child", note="2 h", fraction=71 / 86, words="83 %", beside="71 of 86"),
            Bar(label="In-person contact", note="24 h", fraction=None),
            Bar(
                label="National Center told that a child in care is missing from placement",
                note="24 h",
                fraction=0.55,
                words="55 %",
                beside="41 of 74",
                is_finding=True,
            ),
            Bar(label="Nearly none", note="36 h", fraction=0.02, words="2 %", beside="1 of 50"),
        ],
    )


def duty(title: str, force: str = "law", **changed: Any) -> dict[str, Any]:
    """One duty row, as components/duty_row.html documents it."""
    return {
        "title": title,
        "url": "#",
        "case_label": "J. A., 15 · CF-26-0147",
        "case_url": "#",
        "note": "5 of 8 told; tribe, sibling and court advocate remain",
        "force": force,
        "citation": "Penal Code 11166(j)(3)",
        "due_words": "Tue, 8:30 p.m.",
        "limit_words": "",
        "left_words": "4 h 18 min left",
        "is_late": False,
        "owner": "You",
        "act_label": "Call and record",
        "act_url": "#",
    } | changed


def _duties() -> dict[str, Any]:
    late = duty(
        "Send the report",
        due_words="Was due Tue, 2:10 p.m.",
        left_words="2 h 2 min overdue by law",
        is_late=True,
    )
    groups = [
        Made(key="overdue", title="Overdue", hint="1 duty", state="overdue", edge="late", rows=[late]),
        Made(
            key="now",
            title="Now",
            hint="due at once",
            state="at_once",
            edge="now",
            rows=[duty("Tell the police")],
        ),
        Made(key="later", title="Later", hint="", state="later", edge="", rows=[duty("Visit", "practice")]),
    ]
    groups[-1].folded, groups[-1].fold_label = (
        [duty("Hold the meeting", "practice", act_url="")],
        "1 more duty",
    )
    counts = [Made(count=1, words=group.title, url=f"#{group.key}", state=group.state) for group in groups]
    return {"groups": groups, "counts": counts, "now": NOW}


def _case() -> dict[str, Any]:
    names = (
        "Overview",
        "Duties",
        "Reports",
        "Timeline",
        "People",
        "Meetings",
        "Plans",
        "Documents",
        "Sharing",
    )
    return {
        "bar": Made(
            label="Case file CF-26-0147",
            name="J. A., 15",
            facts=[
                Made(term="Case file", words="CF-26-0147"),
                Made(term="Whereabouts", strong="Missing", words="since Tue, Nov 17", state="at_once"),
            ],
            act_label="Show full name",
            act_url="#",
            act_post=True,
        ),
        "sub": [Made(label=name, url=f"#{name}", current=name == "Overview") for name in names],
        "tasks": [
            Made(
                state="at_once",
                title="Tell the police",
                url="#",
                force="law",
                words="At once.",
                act_label="Call",
                act_url="#",
            ),
            Made(
                state="done",
                title="Be with the child",
                url="#",
                force="practice",
                words="Done Mon.",
                act_label="Done",
            ),
        ],
        "events": [
            Made(
                when="Tue, 1:52 p.m.", title="Police took the report", words="Ridgefield Police, MP-26-30418"
            ),
            Made(when="Mon, 11:06 p.m.", title="Worker with the child", words="Dana Reyes", corrected=True),
        ],
        "seats": [
            Made(state="done", role="Child Welfare", holder="Dana Reyes", words="can attend; trained"),
            Made(
                state="empty_seat",
                role="Substance use",
                holder="Empty seat",
                holder_strong=True,
                act_label="Find",
                act_url="#",
            ),
            Made(
                state="waiting",
                role="Public Health",
                holder="Tom Adeyemi, RN",
                stress="cannot attend yet:",
                words="training",
            ),
        ],
        "strip": strip("c1", 1.77, "open"),
        "strip2": strip("c2", 5.5, "overdue"),
        "strip3": strip("c3", 0, "open"),
        "rows": [
            Made(term="Where the child is", words="Mercy Hospital,\nemergency room", change_url="#"),
            Made(term="Name", words="", missing=True, change_url="#"),
        ],
        "facts": [Made(term="Referral", words="R-26-0412"), Made(term="Told", words="Tue, Nov 17")],
        "diff": [
            Made(field="Where the child lives", before="No", after="After a stated need"),
            Made(field="A", same=True),
        ],
    }


def _urgent(*, bad: bool) -> Urgent:
    if bad:
        return Urgent({"told_at_day": "2026-11-01", "told_at_time": "1:30 a.m.", "age": "abc", "agency": "a"})
    form = Urgent(initial={"told_at": NOW, "age": NOT_KNOWN, "danger": "yes"})
    told: Any = form.fields["told_at"]
    told.offer_days(date(2026, 11, 17))
    return form


def page(name: str) -> str:
    """The markup of one gallery page, or of one error page ("errors/404")."""
    with timezone.override(LA):
        made = engines["django"]
        if name.startswith("errors/"):
            return made.get_template(f"{name}.html").render({"shell": SIGNED_OUT})
        context: dict[str, Any] = {"shell": SIGNED_OUT if name == "sign_in" else SHELL}
        template, _, kind = name.partition("-")
        if template == "urgent":
            context["form"] = _urgent(bad=kind == "bad")
        elif template == "sign_in":
            context["form"] = SignIn()
        elif template == "marks":
            context["states"] = STATES
        elif template in ("report", "paper"):
            context |= {
                "chart": chart(),
                "printed_by": "Dana Reyes",
                "printed_at": NOW,
                "reference": "R-26-0412",
            }
        else:
            context |= _duties() if template == "duties" else _case()
        return made.from_string((PAGES / f"{template}.html").read_text(encoding="utf-8")).render(context)


NAMES = ("duties", "urgent", "urgent-bad", "case", "report", "marks", "confirm", "sign_in")
ERRORS = tuple(f"errors/{name}" for name in ("400", "403", "404", "409", "429", "500", "503", "csrf"))
