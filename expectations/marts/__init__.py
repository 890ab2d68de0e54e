"""Suites of what readers see: indicators, rates and totals checked, who reported. No rule on a unit."""
