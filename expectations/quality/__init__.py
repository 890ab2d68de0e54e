"""Suites of the findings as a table: ids, texts, references. Whether a return is good is for the rules in catalog/."""
