"""Addresses of one's own account and inbox, of an agency's people, and of the sharing rules."""

from __future__ import annotations

from django.urls import path

from agencies.views import (
    account,
    delivery,
    home,
    matrix,
    notices,
    oncall,
    people,
    person_acts,
    proof,
    review,
    rules,
    session,
)

app_name = "agencies"
urlpatterns = [
    path("", home.home, name="home"),
    path("session/hide", session.hide, name="hide"),
    path("session/locked", session.locked, name="locked"),
    path("session/extend", session.extend, name="extend"),
    path("session/confirm", proof.confirm, name="confirm"),
    path("session/kept/<uuid:kept_id>", proof.kept, name="kept"),
    path("my-account/", account.account, name="account"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<uuid:notice_id>", notices.notice_open, name="notice_open"),
    path("on-call/", oncall.on_call, name="on_call"),
    path("on-call/roster", oncall.roster, name="roster"),
    path("on-call/roster/add", oncall.shift_add, name="shift_add"),
    path("on-call/roster/fill", oncall.roster_fill, name="roster_fill"),
    path("on-call/roster/<uuid:shift_id>/hand-over", oncall.hand_over, name="shift_hand_over"),
    path("on-call/roster/<uuid:shift_id>/take-out", oncall.shift_remove, name="shift_remove"),
    path("people/", people.people, name="people"),
    path("people/invite", person_acts.invite, name="person_invite"),
    path("people/messages/", delivery.undelivered, name="undelivered"),
    path("people/messages/<uuid:message_id>/again", delivery.undelivered_again, name="undelivered_again"),
    path("people/review/", review.review, name="review"),
    path("people/review/sign", review.review_sign, name="review_sign"),
    path("people/<uuid:person_id>/confirm", review.person_confirm, name="person_confirm"),
    path("people/<uuid:person_id>", people.person, name="person"),
    path("people/<uuid:person_id>/designate", person_acts.designate, name="person_designate"),
    path(
        "people/<uuid:person_id>/designations/<uuid:designation_id>/end",
        person_acts.designation_end,
        name="designation_end",
    ),
    path("people/<uuid:person_id>/training", person_acts.training, name="person_training"),
    path("people/<uuid:person_id>/qualification", person_acts.qualification, name="person_qualification"),
    path(
        "people/<uuid:person_id>/qualifications/<uuid:qualification_id>/end",
        person_acts.qualification_end,
        name="qualification_end",
    ),
    path("people/<uuid:person_id>/link", person_acts.send_link, name="person_send_link"),
    path("people/<uuid:person_id>/release", person_acts.release, name="person_release"),
    path("people/<uuid:person_id>/deactivate", person_acts.deactivate, name="person_deactivate"),
    path("people/<uuid:person_id>/reactivate", person_acts.reactivate, name="person_reactivate"),
    path("sharing-rules/", matrix.matrix, name="matrix"),
    path("sharing-rules/changes", rules.rules, name="rules"),
    path("sharing-rules/compare", rules.compare, name="rules_compare"),
    path("sharing-rules/propose", rules.propose, name="propose"),
    path("sharing-rules/proposals/<uuid:proposal_id>", rules.proposal, name="proposal"),
    path("sharing-rules/proposals/<uuid:proposal_id>/change", rules.cell, name="proposal_cell"),
    path("sharing-rules/proposals/<uuid:proposal_id>/take-out", rules.drop, name="cell_drop"),
    path("sharing-rules/proposals/<uuid:proposal_id>/submit", rules.submit, name="proposal_submit"),
    path("sharing-rules/proposals/<uuid:proposal_id>/withdraw", rules.withdraw, name="proposal_withdraw"),
    path("sharing-rules/proposals/<uuid:proposal_id>/decide", rules.decide, name="proposal_decide"),
]
