"""Logging referrals: the urgent page, the ordinary one, and the page that confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cseccase import clock
from cseccase.drafts.forms import initial_of
from cseccase.drafts.services import draft_drop, draft_of
from cseccase.errors import RuleBroken
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.forms.referral import MOST_CHILDREN, ChildFormSet, ReferralForm, UrgentReferralForm
from referrals.selectors.case_file import case_number_find
from referrals.selectors.index import IndexEntry, index_search
from referrals.selectors.referral import logged_together, referral_page
from referrals.services.child import name_show
from referrals.services.referral import referral_log

URGENT, ORDINARY = "urgent-referral", "referral"
CHILD = "child"
NONE_OF_THESE = "none"


@require_http_methods(["GET", "HEAD", "POST"])
def urgent(request: StaffRequest) -> HttpResponse:
    """Seven short answers. A possible match is asked about once, and only when there is one."""
    viewer, now = request.viewer, clock.now()
    policies.require_log_referral(viewer)
    if request.method != "POST":
        return _urgent_page(request, _urgent_form(viewer, now))
    form = UrgentReferralForm(request.POST, now=now)
    if not form.is_valid():
        return _urgent_page(request, form)
    asking = _possible_matches(request, [(form.searched_name(), None)], now)
    if asking.unanswered:
        return _match_page(request, asking)
    try:
        logged = referral_log(
            viewer=viewer,
            said=form.said(),
            children=form.children(asking.files[0]),
            now=now,
            incident=form.token(),
        )
    except RuleBroken as broken:
        form.add_error("told_at" if broken.field == "received_at" else None, broken.message)
        return _urgent_page(request, form)
    draft_drop(viewer=viewer, form=URGENT)
    return redirect("referrals:logged", logged[0].pk)


def _urgent_form(viewer: Any, now: datetime) -> UrgentReferralForm:
    form = UrgentReferralForm(initial={"told_at": now}, now=now)
    draft = draft_of(viewer=viewer, form=URGENT)
    if draft is not None:
        form.initial.update(initial_of(form, draft.answers))
    form.initial["incident"] = uuid4()
    return form


def _urgent_page(request: StaffRequest, form: UrgentReferralForm) -> HttpResponse:
    draft = draft_of(viewer=request.viewer, form=URGENT)
    context = {"form": form, "saved_at": draft.saved_at if draft else None, "draft": URGENT}
    return render(request, "referrals/urgent.html", context)


@dataclass(frozen=True, slots=True)
class Question:
    """One child's possible matches. `field` is the name of the answer, `chosen` what was answered before."""

    field: str
    number: int
    found: list[IndexEntry]
    chosen: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Which file each child of a report belongs to, as answered so far; None opens a new file.

    `questions` are the children for whom the index has possible matches, `unanswered` those nobody has answered for.
    """

    files: list[UUID | None]
    questions: list[Question]
    unanswered: bool


def _possible_matches(request: StaffRequest, asked: list[tuple[str, date | None]], now: datetime) -> Asking:
    """Looks every name up before a new file is opened. An answer counts only if the index offered it."""
    files: list[UUID | None] = []
    questions: list[Question] = []
    unanswered = False
    for index, (name, born_on) in enumerate(asked):
        field = f"match-{index}"
        chosen = request.POST.get(field, "")
        offered: dict[str, UUID] = {}
        if name:
            found = index_search(viewer=request.viewer, name=name, born_on=born_on, now=now)
            offered = {str(entry.case_id): entry.case_id for entry in found.entries}
        if offered:
            questions.append(Question(field, index + 1, found.entries, chosen))
            unanswered = unanswered or (chosen != NONE_OF_THESE and chosen not in offered)
        files.append(offered.get(chosen))
    return Asking(files, questions, unanswered)


def _match_page(request: StaffRequest, asking: Asking) -> HttpResponse:
    """Is it one of these? Everything typed travels along as hidden answers."""
    answers = {question.field for question in asking.questions} | {"csrfmiddlewaretoken"}
    kept = [(name, value) for name, values in request.POST.lists() if name not in answers for value in values]
    context = {
        "questions": asking.questions,
        "kept": kept,
        "none": NONE_OF_THESE,
        "several": len(asking.files) > 1,
    }
    return render(request, "referrals/match.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ordinary(request: StaffRequest) -> HttpResponse:
    """A referral with time to ask, about one or several children."""
    viewer, now = request.viewer, clock.now()
    policies.require_log_referral(viewer)
    if request.method != "POST":
        draft = draft_of(viewer=viewer, form=ORDINARY)
        return _ordinary_page(request, *_as_typed(draft.answers if draft else {}, now))
    if "add" in request.POST:
        answers = dict(request.POST.lists())
        answers["child-TOTAL_FORMS"] = [str(_count(answers) + 1)]
        return _ordinary_page(request, *_as_typed(answers, now))
    form = ReferralForm(request.POST, now=now)
    children = ChildFormSet(request.POST, prefix=CHILD, form_kwargs={"today": _today(now)})
    # Both are asked, so that everything to mend is said at once.
    if not all([form.is_valid(), children.is_valid()]) or not _files_named(viewer, children):
        return _ordinary_page(request, form, children)
    kept = children.kept()  # type: ignore[attr-defined]  # our own formset class
    asking = _possible_matches(
        request, [(child.searched_name(), child.cleaned_data["born_on"]) for child in kept], now
    )
    if asking.unanswered:
        return _match_page(request, asking)
    files = [child.named_file or found for child, found in zip(kept, asking.files, strict=True)]
    try:
        logged = referral_log(
            viewer=viewer,
            said=form.said(),
            children=[child.said(file) for child, file in zip(kept, files, strict=True)],
            now=now,
            incident=form.token(),
        )
    except RuleBroken as broken:
        form.add_error("told_at" if broken.field == "received_at" else None, broken.message)
        return _ordinary_page(request, form, children)
    draft_drop(viewer=viewer, form=ORDINARY)
    return redirect("referrals:logged", logged[0].pk)


def _today(now: datetime) -> date:
    return timezone.localtime(now).date()


def _count(answers: dict[str, list[str]]) -> int:
    """How many children the answers are about; one when that is not said."""
    said = (answers.get("child-TOTAL_FORMS") or ["1"])[-1]
    return min(max(int(said), 1), MOST_CHILDREN) if said.isdigit() else 1


def _as_typed(answers: dict[str, list[str]], now: datetime) -> tuple[ReferralForm, Any]:
    """The forms with what was typed so far, half-written answers included; nothing is checked yet."""
    form = ReferralForm(initial={"told_at": now}, now=now)
    if answers:
        form.initial = {**form.initial, **initial_of(form, answers)}
    # A form sent with "add" is still the same sending; a draft given back is a new one.
    form.initial["incident"] = form.initial.get("incident") if "add" in answers else uuid4()
    kwargs = {"today": _today(now)}
    blank = ChildFormSet(
        {"child-TOTAL_FORMS": str(_count(answers)), "child-INITIAL_FORMS": "0"},
        prefix=CHILD,
        form_kwargs=kwargs,
    )
    typed = [{**_defaults(child), **_typed(child, answers)} for child in blank]
    return form, ChildFormSet(initial=typed, prefix=CHILD, form_kwargs=kwargs)


def _defaults(child: Any) -> dict[str, Any]:
    return {name: field.initial for name, field in child.fields.items()}


def _typed(child: Any, answers: dict[str, list[str]]) -> dict[str, Any]:
    if not any(child.add_prefix(name) in answers for name in child.fields):
        return {}
    return initial_of(child, answers)


def _files_named(viewer: Any, children: Any) -> bool:
    """Finds the files whose numbers were written; says on the page which number no file has."""
    for child in children.kept():
        number = child.cleaned_data["case_number"].strip().upper()
        child.named_file = case_number_find(viewer=viewer, number=number) if number else None
        if number and child.named_file is None:
            child.add_error("case_number", "No file has this number. Check it, or leave it empty.")
    return not children.total_error_count()


def _ordinary_page(request: StaffRequest, form: ReferralForm, children: Any) -> HttpResponse:
    draft = draft_of(viewer=request.viewer, form=ORDINARY)
    context = {
        "form": form,
        "children": children,
        "draft": ORDINARY,
        "saved_at": draft.saved_at if draft else None,
        "room": len(children.forms) < MOST_CHILDREN,
    }
    return render(request, "referrals/ordinary.html", context)


@require_safe
def logged(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """It is logged: its number, who owes what by when, and what to do next."""
    viewer, now = request.viewer, clock.now()
    page = logged_together(viewer=viewer, referral_id=referral_id, now=now)
    return render(request, "referrals/logged.html", {"page": page, "now": now})


@require_safe
def referral(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """What is known of a referral, part by part, as far as this viewer may know it."""
    viewer, now = request.viewer, clock.now()
    shown = request.session.pop("name_shown", None) == str(referral_id)
    page = referral_page(viewer=viewer, referral_id=referral_id, now=now)
    return render(request, "referrals/referral.html", {"page": page, "now": now, "name_shown": shown})


@require_POST
def show_name(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Shows the full name once: a deliberate act, and on record."""
    viewer, now = request.viewer, clock.now()
    page = referral_page(viewer=viewer, referral_id=referral_id, now=now)
    name_show(viewer=viewer, case_file=page.case_file, now=now)
    request.session["name_shown"] = str(referral_id)
    return redirect("referrals:referral", referral_id)
