"""What assets share: the night of a site, opened when a run starts and closed when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.settings import Home, default_home
from pipelines.warehouse.night import Night, open_night


@dg.resource(description="The night of the site in TAIZHANG_HOME; holds the writer's lock while a run lasts.")
@contextmanager
def night_of_home(context: dg.InitResourceContext) -> Iterator[Night]:
    """Opens the site for a run that Dagster itself started."""
    log = context.log
    with open_night(Home(default_home().resolve()), progress=log.info if log else lambda _: None) as night:
        yield night
