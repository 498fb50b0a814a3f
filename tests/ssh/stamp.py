"""Keeps what a pane receives, and when: ``python stamp.py BYTES TIMES``. Run by tmux."""

import os
import sys
import time

with open(sys.argv[1], "ab", buffering=0) as kept, open(sys.argv[2], "a", buffering=1) as times:
    while data := os.read(0, 65536):
        kept.write(data)
        times.write(f"{time.monotonic():.4f} {len(data)}\n")
