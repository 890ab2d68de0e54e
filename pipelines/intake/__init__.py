"""Reading what units send: bytes → cells → facts, printed rates and quarantine, every cell accounted for.

Pure: no Dagster, no database. `reading` turns bytes into cells, `numbers` and `period_text` read what a
cell says, `orgs` finds a unit by its name, `one_unit` reads the layout, `understand` puts them together.
Not here: archiving, revisions, anything that remembers (that is `pipelines.warehouse`).
"""
