"""Seeded faults in the code that protects: each one by itself must be noticed by the proofs.

A code mutant exchanges a few words of one function's source; a database mutant changes a policy or a function of
row-level security, as the tables' owner. Both are put back afterwards. The list is data: one line a mutant.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection

from cseccase.confidentiality.rls import raise_walls
from cseccase.database import become_owner


@dataclass(frozen=True, slots=True)
class Mutant:
    """One seeded fault. `judge` names who has to notice it: the rule, the grants as settled, one of the walls alone, people, or the pages."""

    name: str
    judge: str
    where: str
    old: str = ""
    new: str = ""
    at: str = ""
    """The address at which a mutant of the pages is looked for first."""

    @contextmanager
    def at_large(self) -> Iterator[None]:
        if self.where == "sql":
            with sql_changed(self.new):
                yield
        elif self.where.startswith("set "):
            with value_changed(self.where[4:], self.new):
                yield
        else:
            with code_changed(self.where, self.old, self.new):
                yield


def _found(where: str) -> tuple[Any, str, Any]:
    """The owner of a dotted name, its last part, and what stands there."""
    module, _, inner = where.partition(":")
    owner: Any = importlib.import_module(module)
    *path, last = inner.split(".")
    for part in path:
        owner = getattr(owner, part)
    return owner, last, inspect.getattr_static(owner, last)


@contextmanager
def code_changed(where: str, old: str, new: str) -> Iterator[None]:
    """The function's own code is exchanged, so everybody who imported it meets the mutant."""
    found = _found(where)[2]
    function = found.fget if isinstance(found, property) else getattr(found, "__func__", found)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) >= 1, f"{where} does not say {old!r} any more: mend the mutant"
    tree = ast.parse(source.replace(old, new, 1))
    made = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    made.decorator_list = []
    space: dict[str, Any] = {}
    module = ast.Module([ast.ImportFrom("__future__", [ast.alias("annotations")], 0), made], [])
    exec(compile(ast.fix_missing_locations(module), where, "exec"), function.__globals__, space)
    mutated: FunctionType = space[made.name]
    before = function.__code__
    function.__code__ = mutated.__code__
    try:
        yield
    finally:
        function.__code__ = before


@contextmanager
def value_changed(where: str, new: str) -> Iterator[None]:
    """A constant of a module or class is exchanged; `new` may use `old`."""
    owner, name, old = _found(where)
    setattr(owner, name, eval(new, {"old": old}))
    try:
        yield
    finally:
        setattr(owner, name, old)


@contextmanager
def sql_changed(statement: str) -> Iterator[None]:
    """One statement as the tables' owner, and the walls as the models say them again afterwards."""
    owner = settings.DATABASE_OWNER
    given = connection.get_connection_params()
    connection.close()
    link = psycopg2.connect(**{**_plain(given), "user": owner["USER"], "password": owner["PASSWORD"]})
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(statement)
    link.close()
    try:
        yield
    finally:
        with become_owner():
            raise_walls(connection)


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {key: given[key] for key in ("dbname", "host", "port") if key in given}


RULE, WALL = "agencies.disclosure.rule:", "referrals.models.case_file:"
CASES, RECORDS = "referrals.selectors.case_file:", "referrals.selectors.records:"
TERM = "getattr(self, TERM_COLUMNS.get(field.name, field.name))"
MUTANTS: tuple[Mutant, ...] = (
    # --- the rule that writes grants -----------------------------------------------------------------------------
    Mutant("an end is ignored", "rule", RULE + "_live_until", "return FOREVER if fact.until is None else fact.until", "return FOREVER"),
    Mutant("a beginning is ignored", "rule", RULE + "_live_until", "fact.since <= now and", ""),
    Mutant("a revocation is ignored", "settled", "referrals.models.paper:Paper.terms", TERM, f"None if field.name == 'revoked_at' else {TERM}"),
    Mutant("a need to know counts before a supervisor agreed", "settled", "agencies.disclosure.papers.own_word:NeedTerms.opens_at", "self.approved_at is None or at < self.approved_at", "False"),
    Mutant("any paper serves for any other", "rule", RULE + "_paper_opening", "if p.kind in wanted", ""),
    Mutant("a paper for one category opens all", "rule", RULE + "_reaches", "not paper.categories & {", "not {ask.section.category} & {"),
    Mutant("a seat counts after eighteen", "rule", RULE + "_team_opening", "if ask.child_is_adult:", "if False:"),
    Mutant("nobody needs to be deemed a member", "rule", RULE + "_team_opening", "seat.deemed_in_writing or not by_deeming", "True"),
    Mutant("one meeting's seat opens another's minutes", "rule", RULE + "_seats_that_count", "if seat.meeting == ask.section.meeting", "if True"),
    Mutant("team access without a seat", "rule", RULE + "_opening", "return _team_opening(ask)", "pass"),
    Mutant("another agency's copy opens as one's own", "rule", RULE + "_standing_until", "basis == BASIS_OWN and ask.section.custodian is not None", "False"),
    Mutant("a custodian's records open to all", "rule", RULE + "_standing_until", "basis == BASIS_CUSTODIAN and not ask.is_custodian", "False"),
    Mutant("an author's cell opens to the agency", "rule", RULE + "_standing_until", "basis == BASIS_AUTHOR", "False"),
    Mutant("private notes open as shared ones", "rule", RULE + "_grants", "ask.section.author is not None", "False"),
    Mutant("an author needs no part in the case", "rule", RULE + "_authored_grants", "end = _assigned_until(ask)", "end = FOREVER"),
    Mutant("standing access without taking part", "rule", RULE + "_standing_until", "return _assigned_until(ask)", "return FOREVER"),
    Mutant("probation always knows the reporter", "rule", RULE + "_standing_until", "if p.kind in _RECEIVES_OR_INVESTIGATES", "if True"),
    Mutant("a summary is given in full", "rule", RULE + "_opening", '"see_summary" if access is Access.SUMMARY else "see"', '"see"'),
    Mutant("a team summary is given in full", "rule", RULE + "_team_opening", '"see_summary" if ask.cell.access is Access.SUMMARY else "see"', '"see"'),
    Mutant("a paper is not asked for", "rule", RULE + "_opening", "if access is Access.AUTHORISED:", "if False:"),
    Mutant("any part counts as an appointment", "rule", RULE + "_authorised_opening", "if p.kind in _APPOINTED", "if True"),
    Mutant("an appointment opens every paper's cell", "rule", RULE + "_authorised_opening", "if ask.cell.basis not in {BASIS_CASA, BASIS_OWN_CLIENT}:", "if False:"),
    Mutant("every agency reads every duty", "rule", RULE + "_own_duties_grants", "ask.is_custodian or ask.holder.role == CHILD_WELFARE", "True"),
    Mutant("duties open without taking part", "rule", RULE + "_own_duties_grants", "end = _assigned_until(ask)", "end = FOREVER"),
    Mutant("grants never end", "rule", RULE + "_shown", "None if end == FOREVER else end", "None"),
    Mutant("the facts forget that parts end", "settled", "referrals.services.sharing:case_facts", "p.since, p.until", "p.since, None"),
    Mutant("the facts forget that papers end", "settled", "referrals.models.paper:Paper.terms", TERM, f"None if field.name == 'until' else {TERM}"),
    Mutant("the facts forget the end of a seat", "settled", "referrals.services.sharing:case_facts", "until=s.until", "until=None"),
    Mutant("the facts deem everybody a member", "settled", "referrals.services.sharing:case_facts", "bool(s.deemed_in_writing)", "True"),
    Mutant("the facts forget the birthday", "settled", "referrals.services.sharing:_grown", "child.born_on is None", "True"),
    Mutant("sections lose their custodian", "settled", "referrals.services.sharing:section_fact", "section.custodian_id", "None"),
    Mutant("sections lose their author", "settled", "referrals.services.sharing:section_fact", "section.author_id", "None"),
    Mutant("grants no longer due stay", "settled", "referrals.services.grant_rows:_agree", "if surplus:", "if False:"),
    Mutant("a restricted file stays open to the agency", "settled", "referrals.services.sharing:case_facts", "restriction_fact(case_file, now=now)", "None"),
    Mutant("a restriction is thought to be on no file", "settled", "referrals.services.sharing:case_facts", "CaseRestriction in there", "False"),
    Mutant("a restriction lets everybody's own papers through", "settled", "agencies.disclosure.restriction:narrowed", "restriction.names(grant.person)", "True"),
    Mutant("a restriction names the whole agency", "settled", "agencies.disclosure.restriction:narrowed", "yield replace(grant, agency=None, person=person)", "yield grant"),
    Mutant("a sealed part stays open", "settled", "referrals.services.sharing:_section_facts", "section.pk in sealed", "False"),
    Mutant("a purpose for one sealed part opens another", "settled", RULE + "_sealed_grants", "and paper.section == ask.section.id", ""),
    Mutant("any paper opens what is sealed", "settled", RULE + "_sealed_grants", "paper.kind == BASIS_SEAL and", ""),
    Mutant("an emergency opens what is sealed", "settled", RULE + "_emergency_grant", "or section.sealed", ""),
    Mutant("an emergency opens private parts", "settled", RULE + "_emergency_grant", "private is not None or", ""),
    Mutant("an emergency opens for any reason", "settled", "agencies.disclosure.emergency:opens", "reason in found.reasons and", ""),
    Mutant("an emergency opens to anybody called out", "settled", "agencies.disclosure.emergency:opens", "role in found.roles and", ""),
    Mutant("an emergency opens what a cell never does", "rule", RULE + "_emergency_grant", "cell.access is Access.NEVER or", ""),
    Mutant("an emergency look never ends", "settled", RULE + "_emergency_grant", "end = _live_until(fact, now)", "end = FOREVER"),
    # --- the first wall, alone -----------------------------------------------------------------------------------
    Mutant("visible_to filters nothing", "query", "cseccase.confidentiality.querysets:GuardedQuerySet._decide", "if condition else decided", "if False else decided"),
    Mutant("whole rows on a summary grant", "query", WALL + "SectionedModel.visibility", "summary=summary", "summary=True"),
    Mutant("an ended grant opens a query", "query", WALL + "grants_held", "& live()", ""),
    Mutant("a live grant is one that has ended", "query", "cseccase.confidentiality.grants:live", "__gt", "__lt"),
    Mutant("any group's grant opens a query", "query", WALL + "grants_held", ", group__in=viewer.groups", ""),
    Mutant("any person's grant opens a query", "query", WALL + "grants_held", ", user=viewer.person", ""),
    Mutant("a grant on one section opens all", "query", WALL + "grants_held", "& Q(**row)", ""),
    Mutant("the agreement in force is not asked", "withdrawn", WALL + "grants_held", ", category__in=viewer.full", ""),
    Mutant("a withdrawn summary stays", "withdrawn", WALL + "grants_held", ", category__in=viewer.summary", ""),
    Mutant("records without summary fields are given whole", "query", "cseccase.confidentiality.querysets:GuardedQuerySet.summaries", "if not fields:", "if False:"),
    Mutant("a private note opens with its section", "query", "set referrals.models.note:PrivateNote.visibility", new="classmethod(lambda cls, viewer, summary: super(cls, cls).visibility(viewer, summary=summary))"),
    Mutant("who takes part opens with its section", "query", "set referrals.models.sharing:CaseParty.visibility", new="classmethod(lambda cls, viewer, summary: super(cls, cls).visibility(viewer, summary=summary))"),
    Mutant("what the rule reads of seats opens with its section", "query", "set referrals.models.sharing:SeatFact.visibility", new="classmethod(lambda cls, viewer, summary: super(cls, cls).visibility(viewer, summary=summary))"),
    Mutant("what an emergency opened counts on every page", "query", WALL + "grants_held", "condition if viewer.sees_emergencies else condition & ~Q(basis=BASIS_EMERGENCY)", "condition"),
    # --- the second wall, alone ----------------------------------------------------------------------------------
    *(
        Mutant(f"the policy of {table} lets all through", "database", "sql", new=f"ALTER POLICY app_select ON {table} USING (true)")
        for table in (
            "referrals_child", "referrals_referral", "referrals_reporter", "referrals_whereabouts", "referrals_caseevent",
            "referrals_missingepisode", "mdt_agendaitem", "mdt_safetyplan", "referrals_historicalchild",
        )
    ),
    Mutant("a table loses row-level security", "database", "sql", new="ALTER TABLE referrals_statusfield DISABLE ROW LEVEL SECURITY"),
    Mutant("the database opens a private note with its section", "database", "sql", new="ALTER POLICY app_select ON referrals_privatenote USING (true)"),
    Mutant("the database tells everybody who takes part", "database", "sql", new="ALTER POLICY app_select ON referrals_caseparty USING (true)"),
    Mutant("the database tells everybody of seats", "database", "sql", new="ALTER POLICY app_select ON referrals_seatfact USING (true)"),
    Mutant("the database opens an emergency's grants on every page", "database", "sql", new="CREATE OR REPLACE FUNCTION app_emergency() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'"),
    Mutant("everybody has a reason", "database", "sql", new="CREATE OR REPLACE FUNCTION app_because() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'"),
    Mutant("everybody is in every group", "database", "sql", new="CREATE OR REPLACE FUNCTION app_groups() RETURNS int[] LANGUAGE sql STABLE AS 'SELECT array_agg(id) FROM auth_group'"),
    Mutant("summaries open whole rows", "database", "sql", new="CREATE OR REPLACE FUNCTION app_summarising() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'"),
    Mutant("the database forgets withdrawn agreements", "withdrawn", "sql", new="CREATE OR REPLACE FUNCTION app_full() RETURNS text[] LANGUAGE sql STABLE AS $$ SELECT array_agg('r' || lpad(n::text, 2, '0')) || 'd01'::text FROM generate_series(1, 28) n $$"),
    # --- people --------------------------------------------------------------------------------------------------
    Mutant("the untrained are let in", "people", "agencies.viewers:viewer_of", "person.is_active and agency.is_active and bool(duties & CASE_DUTIES)", "True"),
    Mutant("an ended designation still counts", "people", "agencies.viewers:viewer_of", ".filter(Q(ends_on=None) | Q(ends_on__gte=today))", ""),
    Mutant("a designation to come counts already", "people", "agencies.viewers:viewer_of", ", starts_on__lte=today", ""),
    # --- doors, pages and the API, with the first wall alone ------------------------------------------------------
    Mutant("the door to a case is open", "pages", CASES + "access_case", ".visible_to(viewer)", '.unrestricted(because="mutant")', at="referrals:case"),
    Mutant("the door to a referral is open", "pages", RECORDS + "access_referral_record", "Referral.objects.visible_to(viewer)", 'Referral.objects.unrestricted(because="mutant")', at="api_referral"),
    Mutant("the chronology is whole for all", "pages", RECORDS + "chronology", "CaseEvent.objects.visible_to(viewer)", 'CaseEvent.objects.unrestricted(because="mutant")', at="api_case_events"),
    Mutant("a summary of an entry tells its note", "fields", "set referrals.models.event:CaseEvent.SUMMARY_FIELDS", new="(*old, 'note')"),
    Mutant("the reporter is told to all", "pages", "referrals.selectors.referral:referral_page", "Reporter.objects.visible_to(viewer)", 'Reporter.objects.unrestricted(because="mutant")', at="referrals:referral"),
    Mutant("where the child is is told to all", "pages", "referrals.selectors.referral:referral_page", "Whereabouts.objects.visible_to(viewer)", 'Whereabouts.objects.unrestricted(because="mutant")', at="referrals:referral"),
    Mutant("the door to a duty is open", "pages", "referrals.selectors.duty:access_duty", "Deadline.objects.visible_to(viewer)", 'Deadline.objects.unrestricted(because="mutant")', at="referrals:duty"),
    Mutant("the door to a meeting is open", "pages", "mdt.selectors.meeting:meetings_seen", "Meeting.objects.visible_to(viewer)", 'Meeting.objects.unrestricted(because="mutant")', at="mdt:session"),
    Mutant("every duty of a case is told to all", "pages", "referrals.selectors.duty:duties_of", "Deadline.objects.visible_to(viewer)", 'Deadline.objects.unrestricted(because="mutant")', at="api_case_duties"),
    Mutant("the door to an action is open", "pages", "mdt.selectors.minutes:actions_seen", "ActionItem.objects.visible_to(viewer)", 'ActionItem.objects.unrestricted(because="mutant")', at="mdt:action"),
    Mutant("the safety plan is told to all", "pages", "mdt.selectors.minutes:safety_plan_of", "SafetyPlan.objects.visible_to(viewer)", 'SafetyPlan.objects.unrestricted(because="mutant")', at="mdt:safety_plan"),
    Mutant("what changed is told to all", "pages", "reporting.selectors.changes:_newest", ".visible_to(viewer)", '.unrestricted(because="mutant")', at="reporting:changed"),
    Mutant("everybody sees to whom a file is open", "pages", "referrals.policies:may_see_sharing", "bool(categories_kept(viewer))", "True", at="referrals:case_sharing"),
    Mutant("everybody logs referrals", "pages", "referrals.policies:may_log_referral", "viewer.role in REFERRAL_ROLES and", "", at="referrals:urgent"),
    Mutant("everybody reads the committee's report", "pages", "reporting.policies:may_see_reports", "return viewer.has_duty(Duty.COMMITTEE, Duty.SUPERVISOR, Duty.COORDINATOR)", "return True", at="reporting:committee"),
    Mutant("everybody reviews the log", "pages", "reporting.policies:may_review_log", "return viewer.has_duty(Duty.SUPERVISOR, Duty.SECURITY_OFFICER, Duty.AUDITOR)", "return True", at="reporting:looked"),
    Mutant("everybody sees an agency's people", "pages", "agencies.policies:may_see_people", "return viewer.has_duty(Duty.SECURITY_OFFICER, Duty.SUPERVISOR)", "return True", at="agencies:people"),
    Mutant("a refusal tells hidden from absent", "pages", CASES + "access_case", "raise NotVisible", 'raise NotVisible if not CaseFile.objects.unrestricted(because="mutant").filter(pk=case_id).exists() else ValueError', at="referrals:case"),
)  # fmt: skip
