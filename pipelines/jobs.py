"""What runs together."""

import dagster as dg

from pipelines.partitions import PERIOD_JOB

MONTHS = dg.AssetSelection.key_prefixes("months")  # partitioned: only one_period is run by month

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all() - MONTHS,
    description="一夜:收件、载入、核对、计算、发布。 One night: receive, load, check, compute, publish.",
    executor_def=dg.in_process_executor,
)
one_period = dg.define_asset_job(
    PERIOD_JOB,
    selection=dg.AssetSelection.all(),
    description="重算:不收件;核对所选月份各期报表的存档文件,重算由它们得出的一切,检查并发布。选一个月或几个月。 "
    "Compute anew: the inbox is left alone; the archived files of the returns whose periods end in the chosen months "
    "are checked, all that follows from them is computed anew, checked and published. Choose one month or several.",
    executor_def=dg.in_process_executor,
)
