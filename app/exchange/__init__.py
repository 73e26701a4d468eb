"""Ledgers and task documents in and out, through the same use cases as everybody's."""
