"""Hostile input: what no server should send, in every field of every kind, through every face."""
