"""The command `breakaway`, carried by the package."""

import sys

from ._native import command


def main() -> None:
    """Runs the command line and exits with its code."""
    sys.exit(command(["breakaway", *sys.argv[1:]]))
