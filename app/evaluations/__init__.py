"""考核 (第二十七条): what each unit's half-year was worth, computed from the ledger; people grade, approve, publish."""
