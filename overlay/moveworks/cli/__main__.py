"""Entry point: says which extra is missing before anything else is imported."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    try:
        import click  # noqa: F401 - only whether it is there
    except ImportError:
        print('moveworks: the command line needs its extra: pip install "moveworks-client[cli]"', file=sys.stderr)
        sys.exit(3)
    from moveworks.cli.commands import run

    run()


if __name__ == "__main__":
    main()
