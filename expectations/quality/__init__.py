"""Suites of the findings as a table: ids, texts, references. Returns are judged by the rules in catalog/."""
