"""Suites of what readers see: indicators, printed rates checked, totals checked, who reported. No rule on a unit."""
