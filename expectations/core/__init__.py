"""Suites of what units say: facts, their history, what counts, printed rates. What was received is in intake."""
