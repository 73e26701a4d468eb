"""Every text and every file that people write or hand in. All else only refers to it (第二十二条)."""
