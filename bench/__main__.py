"""`make bench`: every benchmark, one after another."""

from bench import night

night.main()
