"""Suites of what was received: every cell of a return accounted for. What the cells say is in core."""
