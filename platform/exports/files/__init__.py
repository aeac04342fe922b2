"""Writing an export's folder: files of rows, lineage, dataset card, manifest."""
