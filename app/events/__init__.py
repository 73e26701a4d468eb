"""Facts: what happened, with the plain fields it changed, and the outbox that carries them out after the commit."""
