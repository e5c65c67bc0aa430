"""Deciding the response: choose with the consequences in view, check, confirm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cseccase import clock
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.choices import Holder, Tier
from referrals.forms.response import CANNOT_TELL, ResponseForm
from referrals.selectors.consequences import Consequence, Outlook, consequences_of
from referrals.selectors.referral import ReferralPage, referral_page
from referrals.services.response import Decision, response_decide


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer with what it would start."""

    value: str
    label: str
    checked: bool
    words: str
    consequence: Consequence


SPEED_WORDS = {
    Tier.CRISIS.value: "Somebody must be with the child within 2 hours.",
    Tier.INITIAL.value: "An investigation begins and a team meets within 10 days.",
    CANNOT_TELL: "Treated as a crisis until you or a supervisor decides.",
}
HOLDER_WORDS = {
    Holder.CHILD_WELFARE.value: "A dependent child (WIC 300). Child Welfare makes the reports.",
    Holder.PROBATION.value: "A ward (WIC 602). Probation makes the reports; Child Welfare still looks into the abuse.",
    Holder.DUAL.value: "WIC 241.1. The lead agency goes. While the lead is not known, both go.",
    Holder.NEITHER.value: "Child Welfare goes, because a child may be a victim.",
    Holder.NOT_KNOWN.value: "Everybody goes until it is known.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Two questions, then a page to check, then the decision. Nothing happens before the last button."""
    viewer, now = request.viewer, clock.now()
    page = referral_page(viewer=viewer, referral_id=referral_id, now=now)
    if page.referral is None:
        raise NotVisible
    policies.require(
        page.may_decide,
        rule="The response is decided by the agency that receives reports.",
        opens="Child Welfare or Probation staff can decide it.",
        ask="Call the hotline.",
    )
    if request.method != "POST":
        return _question_page(request, page, ResponseForm(initial=_holding(page)), now)
    form = ResponseForm(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return _question_page(request, page, form, now)
    if "confirmed" not in request.POST:
        return _check_page(request, page, form, now)
    decision = form.decision()
    try:
        response_decide(
            viewer=viewer,
            referral=page.referral,
            tier=decision.tier,
            jurisdiction=decision.jurisdiction,
            lead=decision.lead,
            reason=form.cleaned_data["reason"],
            seen=request.POST.get("seen"),
            now=now,
        )
    except RuleBroken as broken:
        return _question_page(request, page, form, now, conflict=broken.message)
    messages.success(request, "The response is decided. Everybody who owes something has it in their duties.")
    return redirect("referrals:case", page.case_file.pk)


def _holding(page: ReferralPage) -> dict[str, str]:
    """What is chosen when the page opens: the decision that holds, else the safe side and what the caller said."""
    if page.decision is not None:
        facts = page.decision.facts
        return {
            "speed": facts.get("tier") or Tier.CRISIS.value,
            "jurisdiction": facts.get("jurisdiction") or Holder.NOT_KNOWN.value,
            "lead": facts.get("lead") or "",
        }
    return {"speed": Tier.CRISIS.value, "jurisdiction": page.referral.holder if page.referral else ""}


def _question_page(
    request: StaffRequest, page: ReferralPage, form: ResponseForm, now: datetime, conflict: str = ""
) -> HttpResponse:
    said = form.data if form.is_bound else form.initial
    speed, holder, lead = form.chosen()
    speeds = [
        Decision(Tier.CRISIS if value == CANNOT_TELL else Tier(value), holder, lead) for value in SPEED_WORDS
    ]
    holders = [
        Decision(Tier.CRISIS, Holder(value), lead if value == Holder.DUAL else None)
        for value in Holder.values
    ]
    outlook = _outlook(request, page, [*speeds, *holders], now)
    labels = dict(form.fields["speed"].choices)  # type: ignore[attr-defined]
    found = iter(outlook.consequences)
    context = {
        "page": page,
        "form": form,
        "conflict": conflict,
        "speeds": [Choice(v, str(labels[v]), speed == v, SPEED_WORDS[v], next(found)) for v in SPEED_WORDS],
        "holders": [
            Choice(v, str(label), said.get("jurisdiction") == v, HOLDER_WORDS[v], next(found))
            for v, label in Holder.choices
        ],
        "cannot_tell": CANNOT_TELL,
        "holder": holder.label,
    }
    return render(request, "referrals/decide.html", context)


def _check_page(request: StaffRequest, page: ReferralPage, form: ResponseForm, now: datetime) -> HttpResponse:
    decision = form.decision()
    outlook = _outlook(request, page, [decision], now)
    kept = [(name, form.data.get(name, "")) for name in form.fields]
    context = {
        "page": page,
        "decision": decision,
        "could_not_tell": form.cleaned_data["speed"] == CANNOT_TELL,
        "reason": form.cleaned_data["reason"],
        "consequence": outlook.consequences[0],
        "seen": outlook.seen,
        "kept": kept,
        "now": now,
    }
    return render(request, "referrals/decide_check.html", context)


def _outlook(request: StaffRequest, page: ReferralPage, decisions: list[Decision], now: datetime) -> Outlook:
    if page.referral is None:
        raise NotVisible
    return consequences_of(
        viewer=request.viewer,
        referral=page.referral,
        decisions=decisions,
        now=now,
    )
