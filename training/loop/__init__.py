"""The loop on two cores: a small policy is made, reviewed, exported, trained and measured.

`make loop` runs it and writes a report. It goes through the platform's own tables: traces are
imported, the known truth gives the verdicts, exports go out, and the jobs read their folders.
"""
