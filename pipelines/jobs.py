"""What runs together."""

import dagster as dg

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description="一夜:收件、载入、核对、计算、发布。One night: receive, load, check, compute, publish.",
    executor_def=dg.in_process_executor,
)
