"""Kills the real program at random moments while it sends controls, and counts what became of them."""
