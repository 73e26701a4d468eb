"""The use cases of an inspection conclusion (督查结论): issued to its unit, withdrawn."""

from app.inspections.service.issuing import IssueConclusion, issue_conclusion
from app.inspections.service.withdrawing import WithdrawConclusion, withdraw_conclusion

__all__ = ["IssueConclusion", "WithdrawConclusion", "issue_conclusion", "withdraw_conclusion"]
