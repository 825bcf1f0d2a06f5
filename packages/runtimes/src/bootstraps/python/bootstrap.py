"""Paddock's Python bootstrap: boots empty, says so, and waits for a function.

Standard library only, CPython 3.9 and later. README.md beside this file says what it guarantees.
"""

from paddock_runtime.main import run

if __name__ == "__main__":
    run()
