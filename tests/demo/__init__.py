"""Tests of the demo, which meet it as its clients do: over real sockets."""
