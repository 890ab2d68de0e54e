"""`make bench`: every benchmark, one after another."""

from bench import catalog, night

catalog.main()
night.main()
