"""What a security officer does with one person: each a page with one form, and back to the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agencies.accounts import codes_release
from agencies.choices import Course, Duty
from agencies.forms.people import (
    CloseForm,
    DesignationEndForm,
    DesignationForm,
    InviteForm,
    LinkForm,
    QualificationEndForm,
    QualificationForm,
    TrainingForm,
)
from agencies.policies import (
    MAY_NOT_MANAGE,
    MAY_NOT_TRAIN,
    NOT_ONESELF,
    NOT_QUALIFYING_AGENCY,
    may_manage_people,
)
from agencies.selectors.people import PersonPage, access_person
from agencies.services import people
from agencies.services import qualification as qualifications
from agencies.step_up import step_up
from cseccase import clock
from cseccase.errors import NotAllowed, RuleBroken
from cseccase.requests import StaffRequest

GET_POST = require_http_methods(["GET", "POST"])
Act = Callable[[dict[str, Any]], Any]


def attempt(form: forms.Form, act: Act) -> bool:
    """Does the act with what was written; a broken rule goes onto the form, which keeps every answer."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except RuleBroken as problem:
        form.add_error(problem.field, problem.message)
        return False
    return True


def _person(request: StaffRequest, person_id: UUID, now: datetime, *, train: bool = False) -> PersonPage:
    """The person acted on; the refusals of the act are said before anybody fills in a form."""
    viewer = request.viewer
    shown = access_person(viewer=viewer, person_id=person_id, now=now)
    if shown.is_viewer:
        raise NotAllowed(NOT_ONESELF)
    if not (shown.may_train if train else shown.may_manage):
        raise NotAllowed(MAY_NOT_TRAIN if train else MAY_NOT_MANAGE)
    return shown


def _page(request: StaffRequest, **context: Any) -> HttpResponse:
    return render(request, "agencies/person_act.html", context)


@GET_POST
@step_up
def invite(request: StaffRequest) -> HttpResponse:
    """Opens an account; the person gets a one-time link to choose a password."""
    viewer = request.viewer
    if not may_manage_people(viewer):
        raise NotAllowed(MAY_NOT_MANAGE)
    form = InviteForm(request.POST or None)
    made: list[Any] = []

    def act(said: dict[str, Any]) -> None:
        made.append(people.person_invite(viewer=viewer, now=clock.now(), **said))

    if request.method == "POST" and attempt(form, act):
        messages.success(request, "The account is open. A link to choose a password is on its way.")
        return redirect("agencies:person", made[0].pk)
    return _page(
        request,
        form=form,
        title="Invite a person",
        lead="The account can do nothing until you write down a designation and training.",
        action_url=reverse("agencies:person_invite"),
        act_label="Open the account",
        back_url=reverse("agencies:people"),
    )


@GET_POST
@step_up
def designate(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Writes down what the director designated."""
    now = clock.now()
    shown = _person(request, person_id, now)
    form = DesignationForm(request.POST or None, initial={"starts_on": timezone.localdate(now)})

    def act(said: dict[str, Any]) -> None:
        people.designation_add(
            viewer=request.viewer,
            person_id=person_id,
            now=now,
            **{**said, "duty": Duty(said["duty"])},
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, "The designation is written down.")
        return redirect("agencies:person", person_id)
    return _page(
        request,
        form=form,
        title=f"Designate {shown.name}",
        lead="Write down what the director has signed. It holds from the first day on.",
        action_url=reverse("agencies:person_designate", args=[person_id]),
        act_label="Write down the designation",
        back_url=reverse("agencies:person", args=[person_id]),
    )


@GET_POST
@step_up
def designation_end(request: StaffRequest, person_id: UUID, designation_id: UUID) -> HttpResponse:
    """Ends a designation after a day."""
    now = clock.now()
    shown = _person(request, person_id, now)
    form = DesignationEndForm(request.POST or None, initial={"last_day": timezone.localdate(now)})

    def act(said: dict[str, Any]) -> None:
        people.designation_end(
            viewer=request.viewer,
            person_id=person_id,
            designation_id=designation_id,
            now=now,
            **said,
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, "The end of the designation is written down.")
        return redirect("agencies:person", person_id)
    return _page(
        request,
        form=form,
        title=f"End a designation of {shown.name}?",
        lead="When no designation into case files is left, the person can open no case from the next day on.",
        action_url=reverse("agencies:designation_end", args=[person_id, designation_id]),
        act_label="End the designation",
        back_url=reverse("agencies:person", args=[person_id]),
    )


@GET_POST
@step_up
def training(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Writes down a completed course."""
    now = clock.now()
    shown = _person(request, person_id, now, train=True)
    form = TrainingForm(request.POST or None, today=timezone.localdate(now))

    def act(said: dict[str, Any]) -> None:
        people.training_add(
            viewer=request.viewer,
            person_id=person_id,
            now=now,
            **{**said, "course": Course(said["course"])},
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, "The training is written down.")
        return redirect("agencies:person", person_id)
    return _page(
        request,
        form=form,
        title=f"Training of {shown.name}",
        lead="CSEC 101 opens case files; CSEC 101 and 102 open a seat on a team.",
        action_url=reverse("agencies:person_training", args=[person_id]),
        act_label="Write down the training",
        back_url=reverse("agencies:person", args=[person_id]),
    )


@GET_POST
@step_up
def qualification(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Writes down that the person qualifies under the Evidence Code, with the proof."""
    now = clock.now()
    shown = _person(request, person_id, now)
    if not shown.needs_qualification:
        raise NotAllowed(NOT_QUALIFYING_AGENCY)
    form = QualificationForm(request.POST or None)

    def act(_: dict[str, Any]) -> None:
        qualifications.qualification_add(
            viewer=request.viewer,
            person_id=person_id,
            said=form.said(),
            now=now,
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, "The qualification is written down.")
        return redirect("agencies:person", person_id)
    return _page(
        request,
        form=form,
        title=f"Qualification of {shown.name}",
        lead="While it is current, the person can keep privileged notes in a case. Nobody else reads them.",
        action_url=reverse("agencies:person_qualification", args=[person_id]),
        act_label="Write down the qualification",
        back_url=reverse("agencies:person", args=[person_id]),
    )


@GET_POST
@step_up
def qualification_end(request: StaffRequest, person_id: UUID, qualification_id: UUID) -> HttpResponse:
    """Ends a qualification after a day."""
    now = clock.now()
    shown = _person(request, person_id, now)
    form = QualificationEndForm(request.POST or None, initial={"last_day": timezone.localdate(now)})

    def act(said: dict[str, Any]) -> None:
        qualifications.qualification_end(
            viewer=request.viewer,
            person_id=person_id,
            qualification_id=qualification_id,
            now=now,
            **said,
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, "The end of the qualification is written down.")
        return redirect("agencies:person", person_id)
    return _page(
        request,
        form=form,
        title=f"End a qualification of {shown.name}?",
        lead="From the next day on the person’s privileged notes are closed, also to the person. Nothing is deleted.",
        action_url=reverse("agencies:qualification_end", args=[person_id, qualification_id]),
        act_label="End the qualification",
        back_url=reverse("agencies:person", args=[person_id]),
    )


@GET_POST
@step_up
def send_link(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """For somebody who cannot sign in any more."""
    now = clock.now()
    shown = _person(request, person_id, now)
    form = LinkForm(request.POST if request.method == "POST" else None)

    def act(said: dict[str, Any]) -> None:
        people.link_send(
            viewer=request.viewer,
            person_id=person_id,
            now=now,
            **said,
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(
            request, "The old password no longer works. A link to choose a new one is on its way."
        )
        return redirect("agencies:person", person_id)
    return _page(
        request,
        form=form,
        title=f"Send {shown.name} a new link?",
        lead="First be sure who is asking: see the person, or call the number your agency has. The old "
        "password stops working at once, and every open session ends.",
        action_url=reverse("agencies:person_send_link", args=[person_id]),
        act_label="Send the link",
        back_url=reverse("agencies:person", args=[person_id]),
    )


@GET_POST
@step_up
def release(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Lets somebody try to sign in again who gave too many wrong answers."""
    now = clock.now()
    shown = _person(request, person_id, now)
    if request.method == "POST":
        person = people.sign_in_release(
            viewer=request.viewer,
            person_id=person_id,
            now=now,
        )
        codes_release(request, person)
        messages.success(request, f"{shown.name} can try to sign in again now.")
        return redirect("agencies:person", person_id)
    return _page(
        request,
        title=f"Let {shown.name} try again?",
        lead="First be sure that it was this person who gave the wrong answers: see the person, or call the number your "
        "agency has. If it was somebody else, leave the account waiting and tell the county’s privacy officer.",
        action_url=reverse("agencies:person_release", args=[person_id]),
        act_label="Let the person try again",
        back_url=reverse("agencies:person", args=[person_id]),
    )


@GET_POST
@step_up
def deactivate(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Closes the account of a leaver, or of somebody suspended."""
    now = clock.now()
    shown = _person(request, person_id, now)
    form = CloseForm(request.POST or None)

    def act(said: dict[str, Any]) -> None:
        people.account_close(
            viewer=request.viewer,
            person_id=person_id,
            now=now,
            **said,
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(
            request, f"The account of {shown.name} is closed, and every session of it has ended."
        )
        return redirect("agencies:people")
    return _page(
        request,
        form=form,
        title=f"Close the account of {shown.name}?",
        lead="It ends at once, wherever the person is signed in, with every designation. Duties and actions they had "
        "taken on go back to your agency, and its supervisors are told. What they wrote stays in the files.",
        action_url=reverse("agencies:person_deactivate", args=[person_id]),
        act_label="Close the account",
        back_url=reverse("agencies:person", args=[person_id]),
    )


@GET_POST
@step_up
def reactivate(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Opens a closed account again, with a new link."""
    now = clock.now()
    shown = _person(request, person_id, now)
    if request.method == "POST":
        people.account_reopen(
            viewer=request.viewer,
            person_id=person_id,
            now=now,
        )
        messages.success(
            request, f"The account of {shown.name} is open. A link to choose a password is on its way."
        )
        return redirect("agencies:person", person_id)
    return _page(
        request,
        title=f"Open the account of {shown.name} again?",
        lead="A link to choose a password is sent. The person can open no case until you write down a new designation; training that is still current counts.",
        action_url=reverse("agencies:person_reactivate", args=[person_id]),
        act_label="Open the account again",
        back_url=reverse("agencies:person", args=[person_id]),
    )
