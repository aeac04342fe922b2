"""The files of an export's folder: rows, lineage, dataset card, manifest."""
