"""How data moves: from a returned file to an immutable release.

Here: reading returns (`intake`), the meaning of codes (`catalog`), statistics (`stats`), the single
writer, archive, journal and releases (`warehouse`), the composition of the Dagster code location
(`build`, `jobs`, `schedules`, `checks`, `resources`) and the command line (`cli`).
Not here: what exists (`assets/`), what is selected (`sql/`), what is drawn (`dashboards/`).
"""
