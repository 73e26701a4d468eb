"""The use cases of a formal talk: notice, postponement, the talk itself, cancellation."""

from app.talks.service.cancelling import CancelTalk, cancel_talk
from app.talks.service.holding import CommitmentInput, HoldTalk, hold_talk
from app.talks.service.issuing import IssueTalkNotice, issue_talk_notice
from app.talks.service.postponing import PostponeTalk, postpone_talk

__all__ = [
    "CancelTalk",
    "CommitmentInput",
    "HoldTalk",
    "IssueTalkNotice",
    "PostponeTalk",
    "cancel_talk",
    "hold_talk",
    "issue_talk_notice",
    "postpone_talk",
]
