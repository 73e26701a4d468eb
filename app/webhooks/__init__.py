"""Webhooks: updates of cases pushed to outside systems, under the rights of their own accounts.

By the feed every fact becomes a message for each endpoint that may see it, once (`spreading`); messages go out signed,
in order, again and again until they are taken (`delivering`, `sending`).
"""
