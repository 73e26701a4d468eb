"""督查结论 (条例 第十六条): what was found, with its facts, fed back to the unit. The seven modes come later."""
