"""Which traces a rule chooses: a temporary table, narrowed step by step in SQL."""
