"""Run the command line: `python -m misstep.cli`."""

from misstep.cli import main

main()
