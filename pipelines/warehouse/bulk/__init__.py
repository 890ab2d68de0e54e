"""Parquet returns: many returns of many units in one file, a row a statement, loaded set by set.

Columns: `org_code`, `period_code`, `element_code`, `form_code`, `reported_by`, `value` (a number; null unless it is
reported). There may be: `breakdown_code` (else ''), `state` (else reported or blank), `received_at` (UTC; else the
file's receipt), `revision` (a whole number from 1; else 1). Rows of one form, reporter, period and revision are one
submission; its `sheet` is # and the revision, a `cell` is the row's number in the file, from 1.

Where a file says `received_at`, it hands on what another register knew: facts are known from then, between the last
known time of the return that they revise and the night that took the file. Else they are known from that night.
"""
