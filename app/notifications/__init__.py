"""The inbox of each user: one message per matter, written once however often the outbox delivers it."""
