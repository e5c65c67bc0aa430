#!/usr/bin/env python3
"""The one entry: `python3 manage.py up`, `test`, `lint`, and every command of Django.

Needs nothing but Python's standard library to begin with: it finds or makes `.venv` beside itself, installs
`requirements.lock` into it, and starts again inside. From there on it is an ordinary Django `manage.py`.
"""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  # said in words before anything newer is read
        sys.exit("This product needs Python 3.11 or newer; this is Python " + sys.version.split()[0])
    if sys.platform == "win32":
        sys.exit("This product runs on Linux and macOS. On Windows, use the Windows Subsystem for Linux.")
    from cseccase.embedded import bootstrap

    bootstrap.enter(REPOSITORY, sys.argv)

    from cseccase.embedded import words

    sys.exit(words.run(REPOSITORY, sys.argv))


if __name__ == "__main__":
    main()
