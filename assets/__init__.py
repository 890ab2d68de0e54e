"""What exists: thin declarations of every asset, one module a layer; what they do stands in pipelines/ and sql/."""

from __future__ import annotations

import dagster as dg

from assets import intake, months, publish, selected


def all_assets() -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """Every asset, in the order of a number's way."""
    return [*intake.assets(), *selected.assets(), *publish.assets(), *months.assets()]
