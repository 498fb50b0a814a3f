"""What a client can observe of the three APIs: one row per fact, each with the test that meets it."""
