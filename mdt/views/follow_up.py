"""Actions that teams decided, and the safety plan of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cseccase import clock
from cseccase.drafts.forms import initial_of
from cseccase.drafts.services import draft_drop, draft_of
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from mdt import policies
from mdt.forms.follow_up import ActionDoneForm, SafetyPlanForm
from mdt.selectors.minutes import PlanSeen, access_action, action_list, safety_plan_of
from mdt.services.minutes import action_finish, safety_plan_write
from mdt.tiers import SAFETY_PLAN
from referrals.selectors.case_file import access_case, child_of
from referrals.selectors.emergency import reader_of

DRAFT = "safety-plan"


@require_GET
def actions(request: StaffRequest) -> HttpResponse:
    """What the agency has still to do from team meetings, soonest first."""
    now = clock.now()
    page = action_list(viewer=request.viewer, now=now, after=request.GET.get("after", ""))
    return render(
        request, "mdt/actions.html", {"page": page, "now": now, "today": timezone.localtime(now).date()}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: StaffRequest, action_id: UUID) -> HttpResponse:
    """One action; whoever does it says what was done."""
    now = clock.now()
    found = access_action(viewer=request.viewer, action_id=action_id, now=now)
    form = ActionDoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            action_finish(viewer=request.viewer, action_id=action_id, note=form.cleaned_data["note"], now=now)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "The action is marked done.")
            return redirect("mdt:actions")
    may_finish = found.done_at is None and policies.may_finish_action(request.viewer, found.agency_id)
    context = {"action": found, "form": form, "may_finish": may_finish, "now": now}
    return render(request, "mdt/action.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def safety_plan(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The plan as this person may see it: the six parts to write in, the parts to read, or only that one stands."""
    now = clock.now()
    case_file = access_case(viewer=request.viewer, case_id=case_id, now=now, looked_at="safety plan")
    seen = safety_plan_of(viewer=request.viewer, case_file=case_file, now=now)
    acts = bool(reader_of(request.viewer, case_id).duties)
    may_write = acts and policies.may_write_plan(request.viewer) and seen.summary is None
    if request.method == "POST":
        return _write(request, case_file, seen, now)
    if not may_write and seen.plan is None and seen.summary is None:
        raise NotVisible
    form = _plan_form(request, case_id, seen) if may_write else None
    return _show(request, case_file, seen, form, now)


def _plan_form(request: StaffRequest, case_id: UUID, seen: PlanSeen) -> SafetyPlanForm:
    """The plan to change, or what this person had typed and not sent."""
    initial: dict[str, Any] = {}
    if seen.plan is not None:
        initial = {name: getattr(seen.plan, name) for name in seen.plan.PARTS}
        initial["based_on"] = seen.plan.written_at.isoformat()
    form = SafetyPlanForm(initial=initial)
    draft = draft_of(viewer=request.viewer, form=DRAFT, about=case_id)
    if draft is not None:
        form.initial = {**form.initial, **initial_of(form, draft.answers)}
    return form


def _write(request: StaffRequest, case_file: Any, seen: PlanSeen, now: datetime) -> HttpResponse:
    form = SafetyPlanForm(request.POST)
    if not form.is_valid():
        return _show(request, case_file, seen, form, now)
    try:
        safety_plan_write(
            viewer=request.viewer,
            case_id=case_file.pk,
            parts=form.parts(),
            now=now,
            reviewed=form.cleaned_data["reviewed"],
            meeting_id=_meeting_named(request),
            based_on=form.cleaned_data["based_on"],
        )
    except RuleBroken as broken:
        form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        return _show(
            request, case_file, seen, _on_newest(request, form, seen), now, theirs=broken.field is None
        )
    except NotAllowed as refused:
        form.add_error(None, refused.message)
        return _show(request, case_file, seen, form, now)
    draft_drop(viewer=request.viewer, form=DRAFT, about=case_file.pk)
    messages.success(request, "The safety plan is saved. What stood before stays in its history.")
    return redirect("mdt:safety_plan", case_file.pk)


def _meeting_named(request: StaffRequest) -> UUID | None:
    """The meeting the plan was written at, where the page was opened from one."""
    try:
        return UUID(request.GET["meeting"]) if request.GET.get("meeting") else None
    except ValueError as error:
        raise NotVisible from error


def _on_newest(request: StaffRequest, form: SafetyPlanForm, seen: PlanSeen) -> SafetyPlanForm:
    """The same answers, to be sent again knowing what stands now."""
    if seen.plan is None:
        return form
    data = request.POST.copy()
    data["based_on"] = seen.plan.written_at.isoformat()
    again = SafetyPlanForm(data)
    for words in form.non_field_errors():
        again.add_error(None, words)
    return again


def _show(
    request: StaffRequest,
    case_file: Any,
    seen: PlanSeen,
    form: SafetyPlanForm | None,
    now: datetime,
    *,
    theirs: bool = False,
) -> HttpResponse:
    child = child_of(viewer=request.viewer, case_file=case_file)
    plan = seen.plan
    parts = [
        {"term": component.words, "words": getattr(plan, name) or "Nothing written yet"}
        for name, component in zip(plan.PARTS if plan else (), SAFETY_PLAN, strict=False)
    ]
    context = {
        "case_file": case_file,
        "initials": child.initials if child else "",
        "plan": plan,
        "summary": seen.summary,
        "parts": parts,
        "show_parts": theirs or form is None,
        "form": form,
        "draft_url": reverse("draft_save", args=[DRAFT]),
        "draft": draft_of(viewer=request.viewer, form=DRAFT, about=case_file.pk) if form else None,
        "now": now,
    }
    return render(request, "mdt/safety_plan.html", context)
