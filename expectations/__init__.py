"""What must hold of every table before it is published: one suite a table, at the table's own path.

`engine.validate` runs the suites on the live connection, `results` holds what it returns, `structure` makes the checks
that follow from a table's key, `checks` the building blocks. Rules that judge a return are data and live in catalog/.
"""

import os

# Read by Great Expectations when it is imported. Set here, because every suite is imported through this package.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
