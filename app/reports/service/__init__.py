"""The use cases of reports, from the draft to the review, and of what follows: reading, closing, reopening."""

from app.reports.service.closing import ConfirmClosing, ProposeClosing, confirm_closing, propose_closing
from app.reports.service.composing import ReportBody, SectionInput
from app.reports.service.contributing import SubmitContribution, submit_contribution
from app.reports.service.drafting import DraftReport, ReviseReport, draft_report, revise_report
from app.reports.service.reading import RecordReading, SubmitForReading, record_reading, submit_for_reading
from app.reports.service.receiving import ReceiveReport, receive_report
from app.reports.service.reopening import ReopenCase, reopen_case
from app.reports.service.reviewing import AcceptReport, ReturnReport, accept_report, return_report
from app.reports.service.signing import SignReport, sign_report
from app.reports.service.submitting import SubmitReport, submit_report
from app.reports.service.withdrawing import WithdrawReport, withdraw_report

__all__ = [
    "AcceptReport",
    "ConfirmClosing",
    "DraftReport",
    "ProposeClosing",
    "ReceiveReport",
    "RecordReading",
    "ReopenCase",
    "ReportBody",
    "ReturnReport",
    "ReviseReport",
    "SectionInput",
    "SignReport",
    "SubmitContribution",
    "SubmitForReading",
    "SubmitReport",
    "WithdrawReport",
    "accept_report",
    "confirm_closing",
    "draft_report",
    "propose_closing",
    "receive_report",
    "record_reading",
    "reopen_case",
    "return_report",
    "revise_report",
    "sign_report",
    "submit_contribution",
    "submit_for_reading",
    "submit_report",
    "withdraw_report",
]
