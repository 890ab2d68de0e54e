"""What Dagster loads (see workspace.yaml)."""

from pipelines.build import build_defs

defs = build_defs()
