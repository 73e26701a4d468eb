"""Stored files: uploaded, hashed, attached to an act or a report. Their bytes are content rows."""
