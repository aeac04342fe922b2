"""Selection of a rule's traces: a temporary table, filtered step by step in SQL."""
