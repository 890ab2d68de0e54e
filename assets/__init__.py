"""What exists: thin declarations of every asset, one module a layer; what they do stands in pipelines/ and sql/."""

from __future__ import annotations

import warnings

import dagster as dg

from assets import intake, months, publish, selected

SINGLE = dg.BackfillPolicy.single_run()  # several months are one run and one release


def all_assets() -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """Every asset, in the order of a number's way."""
    made = [*intake.assets(), *selected.assets(), *publish.assets(), *months.assets()]
    with warnings.catch_warnings(action="ignore", category=dg.BetaWarning):  # of backfill policies
        return [a.with_attributes(backfill_policy=SINGLE) if isinstance(a, dg.AssetsDefinition) else a for a in made]
