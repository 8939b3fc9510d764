"""Writes the templates as AWS gets them: `python infra/expand.py --out FOLDER`.

`sources.sha256` in the folder tells by which sources they were made; who reads them can see whether they are old.
"""

import argparse
import sys
from pathlib import Path

from portico_infra.sources import Mistake, digest
from portico_infra.stacks import everything


def write(folder, templates):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        if old.name not in templates:
            old.unlink()
    for name, text in templates.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    (folder / "sources.sha256").write_text(digest() + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        write(options.out, everything())
    except Mistake as mistake:
        sys.exit(str(mistake))


if __name__ == "__main__":
    main()
