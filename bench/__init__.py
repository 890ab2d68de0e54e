"""Benchmarks: each prints machine, data, limit and ratios from one run. Nothing here is asserted by tests."""
