"""Who did it, and when: decisions of leaders and units, also those done on paper, by phone or by voice (代录)."""
