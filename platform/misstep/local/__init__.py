"""PostgreSQL, Valkey and the workers, for a machine that has none: Misstep starts its own.

`addresses` says where they live, `postgres` and `valkey` how each is set up and started, `keeping`
lets them run for as long as anybody uses them, `supervising` and `workers` run the rest.
"""
