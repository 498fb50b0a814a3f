"""What each drawing of the design became: the real app against a demo whose time stands still.

``python -m tests.tui.snapshots`` takes all pictures anew (and names those that differ); the tests compare.
"""
