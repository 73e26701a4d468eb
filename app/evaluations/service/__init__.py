"""The use cases of an evaluation (考核), and those of the circular in which it is approved and published."""

from app.evaluations.service.adjusting import AdjustSheet, adjust_sheet
from app.evaluations.service.correcting import CorrectEvaluation, correct_evaluation
from app.evaluations.service.following import (
    approve_circular_and_evaluation,
    publish_circular_and_evaluation,
    revise_circular_by_hand,
    withdraw_circular_and_evaluation,
)
from app.evaluations.service.grading import GradeSheet, grade_sheet
from app.evaluations.service.objecting import AnswerObjection, ObjectToSheet, answer_objection, object_to_sheet
from app.evaluations.service.showing import ShowEvaluation, show_evaluation
from app.evaluations.service.simulating import Simulated, SimulateEvaluation, simulate_evaluation
from app.evaluations.service.submitting import SubmitEvaluation, submit_evaluation

__all__ = [
    "AdjustSheet",
    "AnswerObjection",
    "CorrectEvaluation",
    "GradeSheet",
    "ObjectToSheet",
    "ShowEvaluation",
    "SimulateEvaluation",
    "Simulated",
    "SubmitEvaluation",
    "adjust_sheet",
    "answer_objection",
    "approve_circular_and_evaluation",
    "correct_evaluation",
    "grade_sheet",
    "object_to_sheet",
    "publish_circular_and_evaluation",
    "revise_circular_by_hand",
    "show_evaluation",
    "simulate_evaluation",
    "submit_evaluation",
    "withdraw_circular_and_evaluation",
]
