"""Use cases of the emergency account: sealing, opening, what the opened account does, closing."""

from app.emergency.service.opening import OpenEmergency, open_emergency_account
from app.emergency.service.sealing import begin_seal, complete_seal
from app.emergency.service.using import close_emergency_account, restore_account

__all__ = [
    "OpenEmergency",
    "begin_seal",
    "close_emergency_account",
    "complete_seal",
    "open_emergency_account",
    "restore_account",
]
