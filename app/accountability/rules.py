"""What somebody may be called to account for, what may be proposed, and how a proposal goes on."""

from enum import StrEnum

from app.core.refusals import Refusal, RefusalCode


class AccountabilityConduct(StrEnum):
    """第二十五条: the five, and no others."""

    EVASION = "EVASION"  # 推拖不办
    PERFUNCTORINESS = "PERFUNCTORINESS"  # 敷衍塞责
    FALSIFICATION = "FALSIFICATION"  # 弄虚作假
    MISREPORTING = "MISREPORTING"  # 谎报情况
    HUMAN_FACTOR = "HUMAN_FACTOR"  # 人为因素


class AccountabilityMeasure(StrEnum):
    """What is proposed. What a sanction would be is for the competent body alone."""

    CRITICISM = "CRITICISM"  # 通报批评
    TRANSFER = "TRANSFER"  # 移送有权机关调查处理


class AccountabilityStatus(StrEnum):
    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    CRITICISED = "CRITICISED"
    TRANSFERRED = "TRANSFERRED"
    ANSWERED = "ANSWERED"
    WITHDRAWN = "WITHDRAWN"


_STEPS: dict[AccountabilityStatus, frozenset[AccountabilityStatus]] = {
    AccountabilityStatus.DRAFT: frozenset(
        {AccountabilityStatus.APPROVED, AccountabilityStatus.DECLINED, AccountabilityStatus.WITHDRAWN}
    ),
    AccountabilityStatus.APPROVED: frozenset(
        {AccountabilityStatus.CRITICISED, AccountabilityStatus.TRANSFERRED, AccountabilityStatus.WITHDRAWN}
    ),
    AccountabilityStatus.TRANSFERRED: frozenset({AccountabilityStatus.ANSWERED}),
}


def step(current: AccountabilityStatus, wanted: AccountabilityStatus, version: int) -> AccountabilityStatus:
    """The next status. Refuses STATUS_CONFLICT for a step that the table does not have."""
    if wanted not in _STEPS.get(current, frozenset()):
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=current.value, version=version)
    return wanted
