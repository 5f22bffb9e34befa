"""``python -m reviewlib``: the command line."""

from reviewlib.cli import main

main()
