"""`python -m pipelines.cli` is the command `taizhang`."""

from pipelines.cli.main import main

main()
