"""``python -m reviewlib``: the command line."""

from reviewlib.cli import main

if __name__ == "__main__":  # a worker of run-due imports this module under another name
    main()
