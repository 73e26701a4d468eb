"""What rules may say of reports and contributions."""

from app.acts.models import Decision
from app.assignments.models import ReportSlot
from app.authz import ObjectType, principal, register
from app.authz.conditions import any_of, eq, in_, inherits, known, parent
from app.cases.models import Case, CaseParticipant
from app.identity.models import Unit
from app.identity.rules import UnitKind
from app.reports.models import Report, ReportCoverage, ReportSection

_ME, _UNITS, _ALL_UNITS = principal("person_id"), principal("units"), principal("all_units")

_OF_OWN_UNIT = in_(Report.unit_id, _UNITS)
_CASE_HIDDEN = ~inherits(Report.case_id, "case")
_MAJOR = eq(Case.major, True)
_ON_A_MAJOR_MATTER = parent(Report.case_id, Case.id, _MAJOR) | any_of(
    ReportCoverage.report_id,
    Report.id,
    parent(ReportCoverage.slot_id, ReportSlot.id, parent(ReportSlot.case_id, Case.id, _MAJOR)),
)
# 第七条(二), 第二十条: who heads the unit that day signs; whoever is authorised in writing does, but nothing major.
_HEADED_BY_ME = in_(Report.unit_id, principal("headed_units")) | (
    in_(Report.unit_id, principal("signing_units")) & ~_ON_A_MAJOR_MATTER
)

REPORT = register(
    ObjectType(
        "report",
        Report,
        frozenset({"view", "draft", "sign", "submit", "withdraw", "accept", "return"}),
        {
            "case_hidden": _CASE_HIDDEN,
            "handed_in": known(Report.submitted_at),
            "of_own_unit": _OF_OWN_UNIT,
            "of_a_unit_of_mine": in_(Report.unit_id, _ALL_UNITS),
            "contributed_to_own_unit": eq(Report.contribution, True)
            & known(Report.submitted_at)
            & any_of(
                CaseParticipant.case_id,
                Report.case_id,
                eq(CaseParticipant.principal, True) & in_(CaseParticipant.unit_id, _UNITS),
            ),
            "reported_by_me": eq(Report.drafted_by, _ME)
            | eq(Report.submitted_by, _ME)
            | parent(Report.signature_id, Decision.id, eq(Decision.decided_by, _ME)),
            "not_headed_by_me": ~_HEADED_BY_ME,
            "of_the_office": parent(Report.unit_id, Unit.id, eq(Unit.kind, UnitKind.SUPERVISION_OFFICE)),
        },
        within_case=in_(Report.case_id, principal("cases")),
        mandatory=(
            ("*", "case_hidden"),
            ("sign", "not_headed_by_me"),
            ("accept", "reported_by_me"),
            ("accept", "of_a_unit_of_mine"),
            ("return", "of_a_unit_of_mine"),
        ),
    )
)

CONTRIBUTION = register(
    ObjectType(
        "contribution",
        Report,
        frozenset({"submit"}),
        {"case_hidden": _CASE_HIDDEN, "of_own_unit": _OF_OWN_UNIT},
        within_case=in_(Report.case_id, principal("cases")),
        mandatory=(("*", "case_hidden"),),
    )
)

REPORT_SECTION = register(
    ObjectType(
        "report_section",
        ReportSection,
        frozenset({"view"}),
        {"report_hidden": ~inherits(ReportSection.report_id, "report")},
        within_case=parent(ReportSection.report_id, Report.id, in_(Report.case_id, principal("cases"))),
        mandatory=(("*", "report_hidden"),),
    )
)
