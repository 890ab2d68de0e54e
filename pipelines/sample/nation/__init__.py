"""A nation's returns, drawn from a seed: real divisions, invented figures, marked synthetic wherever they appear.

`drawing` chooses the villages, `figures` draws what they count in a month, `returns` makes township returns of that
(what is missing, blank, late, sent again, broken on purpose), `files` writes them and the catalog of the drawn units.
The number of residents of a real village, and whatever else is counted, is made up; only codes, names and hierarchy
come from the register.
"""
