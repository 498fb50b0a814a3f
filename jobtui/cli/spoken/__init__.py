"""The same app as spoken lines: no second screen, one sentence per change, numbered questions."""
