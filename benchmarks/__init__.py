"""What the project promises about speed and memory, measured: `python -m benchmarks [NAME]`."""
