"""An end-to-end experiment on two cores: policy, review, export, training, comparison.

`make loop` runs it and writes a report. It uses the platform's own tables: traces are imported, the
known truth gives the verdicts, exports are written, and the jobs read their folders.
"""
