"""Suites of what units say: facts, their history, what counts, printed rates. What came is in intake."""
