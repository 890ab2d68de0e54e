"""What is published: the release, after every check that blocks."""

# Annotations are no strings here: Dagster looks at that of `context`.

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import months
from assets.described import spec
from pipelines.sql import selects
from pipelines.warehouse.figures import ROWS
from pipelines.warehouse.night import Night

if TYPE_CHECKING:
    from pipelines.warehouse.release import Release

# What nothing else is selected from stands at the end of every way: the release waits for these, and with them for
# every table and every check before them.
LAST = tuple(sorted(selects().keys() - {read for select in selects().values() for read in select.reads}))
SPECS = [
    spec("meta.input", ("intake.receipt", "intake.file")),
    spec("meta.release", ("meta.input", *LAST)),
    spec("meta.run", ("meta.release",)),
]


def assets() -> list[dg.AssetsDefinition]:
    """The release."""
    return [release]


@dg.multi_asset(name="release", specs=SPECS)
def release(context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult]:
    """Warehouse → releases/<id>/."""
    from pipelines.warehouse.release import publish, require_whole

    with night.stage("release"):
        require_whole(night)
        by_month = months.figures(night)
        published = publish(night)
    months.note(context, by_month, published.id)
    for made in SPECS:
        # The same version each night: what was noted of a month does not grow stale by a release that left it alone.
        yield dg.MaterializeResult(
            made.key, metadata=_about(published, ".".join(made.key.path)), data_version=dg.DataVersion("1")
        )


def _about(published: "Release", table: str) -> dict[str, Any]:
    """Where the release is and how many rows its tables have; of the other tables their own rows."""
    tables = published.manifest["tables"]
    rows = {ROWS: tables[table]["rows"]} if table in tables else {}
    if table != "meta.release":
        return rows
    page = published.folder.resolve() / "index.html"
    return {
        **rows,
        "发布 release": published.id,
        "文件夹 folder": dg.MetadataValue.path(str(published.folder)),
        "网页 page": dg.MetadataValue.path(str(page)),
        "表 tables": len(tables),
        "各表行数 rows of each table": dg.MetadataValue.table(
            [dg.TableRecord({"table": name, "rows": content["rows"]}) for name, content in sorted(tables.items())]
        ),
    }
