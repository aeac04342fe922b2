"""PostgreSQL, Valkey and the workers, for a machine that has none: Misstep starts its own.

`addresses` says where they are, `postgres` and `valkey` set them up, `service_keeper` runs them as
long as a process uses them, `supervisor` and `workers` run the rest.
"""
