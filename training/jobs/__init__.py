"""Training jobs: each reads an export's folder and writes a run's folder, and knows no Django."""
