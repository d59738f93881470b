"""The command line: options, streams and exit codes. What is done with an input is in `batch` and `report`.

Nothing heavy is imported before it is needed, so that `--help` and a short text are quick.
"""

from cleannews.cli.command import LABEL_HELP, main, program

__all__ = ["LABEL_HELP", "main", "program"]
