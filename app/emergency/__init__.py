"""应急账号: sealed by two administrators, opened by both halves of its secret, for a short time and with an alarm."""
