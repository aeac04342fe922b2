"""Answers that the pages of several apps share: a fragment for htmx, a CSV file."""
