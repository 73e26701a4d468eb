"""Proof: the chained record of each case, the chained record of administration, and the log of sensitive reads."""
