"""责任追究 (第二十五条, 条例 第二十一条): what the office proposes, who approves it, who gets it. No sanctions."""
