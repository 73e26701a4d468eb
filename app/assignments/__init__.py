"""One unit's part in a case: dispatch, acknowledgement, follow-ups, and the slots that say what it owes and when."""
