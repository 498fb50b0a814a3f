"""jobtui in tmux over a real ssh to this machine: ``python -m tests.ssh`` shows how it behaves, in a table.

Not part of the suite: it needs sshd (Debian: openssh-server) and tmux. It starts an sshd of its own as the
user who runs it, on a high port of the loopback, with keys that are thrown away, and ends all it started.
"""
