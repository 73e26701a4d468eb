"""The use cases of a circular (通报), and those of the talk and the conclusion on which one waits."""

from app.circulars.service.acknowledging import AcknowledgeCircular, acknowledge_circular
from app.circulars.service.approving import ApproveCircular, approve_circular
from app.circulars.service.drafting import DraftCircular, ReviseCircular, draft_circular, revise_circular
from app.circulars.service.following import (
    cancel_talk_and_circular,
    hold_talk_before_circular,
    issue_conclusion_before_circular,
    withdraw_conclusion_and_circular,
)
from app.circulars.service.meeting import Meeting
from app.circulars.service.publishing import PublishCircular, publish_circular
from app.circulars.service.replying import (
    ReplyToCircular,
    ReviewCircularReply,
    reply_to_circular,
    review_circular_reply,
)
from app.circulars.service.withdrawing import WithdrawCircular, withdraw_circular

__all__ = [
    "AcknowledgeCircular",
    "ApproveCircular",
    "DraftCircular",
    "Meeting",
    "PublishCircular",
    "ReplyToCircular",
    "ReviewCircularReply",
    "ReviseCircular",
    "WithdrawCircular",
    "acknowledge_circular",
    "approve_circular",
    "cancel_talk_and_circular",
    "draft_circular",
    "hold_talk_before_circular",
    "issue_conclusion_before_circular",
    "publish_circular",
    "reply_to_circular",
    "review_circular_reply",
    "revise_circular",
    "withdraw_circular",
    "withdraw_conclusion_and_circular",
]
