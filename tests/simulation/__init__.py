"""Hours in seconds: an event loop whose time leaps when nothing is left to do, with real sockets in it."""
