"""The pages about the command line in docs/, made of its own help in both languages.

`python infra/tables/cli_pages.py --write` puts them there; without it, they are printed.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.tables.pages import PAGES, put

GUIDES: Final = {"en": PAGES / "cli.md", "ko": PAGES / "cli.ko.md"}


def manual(language: str) -> str:
    """The manual as the program makes it where this language is spoken."""
    spoken = os.environ | {"LC_ALL": f"{language}.UTF-8", "PYTHONUTF8": "1"}
    made = subprocess.run(
        [sys.executable, "-m", "ion_cli.manual"], env=spoken, check=True, capture_output=True, encoding="utf-8"
    )
    return made.stdout.rstrip("\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print or write the manuals."""
    parser = argparse.ArgumentParser(description="The manual of the command line.")
    parser.add_argument("--write", action="store_true", help="put it into docs/")
    asked = parser.parse_args(arguments)
    for language, page in GUIDES.items():
        made = manual(language)
        if asked.write:
            put(page, made)
        else:
            print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
