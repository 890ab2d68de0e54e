"""What is published: the release, after every check that blocks."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from pipelines.sql import selects
from pipelines.warehouse.comments import table_comment
from pipelines.warehouse.night import Night

EVERYTHING = [name.split(".") for name in selects()]
PUBLISHED = ("meta.input", "meta.run", "meta.release")
SPECS = [
    dg.AssetSpec(name.split("."), deps=EVERYTHING, group_name="release", description=table_comment(name))
    for name in PUBLISHED
]


def assets() -> list[dg.AssetsDefinition]:
    """The release."""
    return [release]


@dg.multi_asset(name="release", specs=SPECS)
def release(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult]:
    """Warehouse → releases/<id>/."""
    from pipelines.warehouse.release import publish

    with night.stage("release"):
        published = publish(night)
    told: dict[str, dg.MetadataValue | str | int] = {
        "release_id": published.id,
        "folder": dg.MetadataValue.path(str(published.folder)),
        "page": dg.MetadataValue.url((published.folder.resolve() / "index.html").as_uri()),
        "tables": len(published.manifest["tables"]),
    }
    for name in PUBLISHED:
        yield dg.MaterializeResult(name.split("."), metadata=told if name == "meta.release" else None)
