"""Timed work: which sweeps run when, by arq's alarm and by a plain loop, and how each round ended.

A sweep looks in the database for what is due and does it. It may run never, once, twice or in two processes at a time:
what it does is the same. So nothing here needs to be reliable, only persistent.
"""
