#!/usr/bin/env python3
"""Makes the fonts beside this script from packages of npm (docs/decisions/0050). Run by hand, never by a build:

    python3 -m venv /tmp/v && /tmp/v/bin/pip install fonttools==4.68.0
    /tmp/v/bin/python shared/letters/fonts/make.py

Each package holds the font as Google Fonts gives it (TrueType, SIL Open Font License 1.1). Of each we keep one weight and
the characters of its own scripts; hints are dropped, for letters are printed. The result is a zlib stream:
the same packages give the same bytes. `fonts.txt` records package, version, its SHA-256, and that of the result.
"""

import glob
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import zlib

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = os.path.dirname(os.path.abspath(__file__))

# What every script needs beside its letters: the joiners, and the circle that carries a mark standing alone.
SHARED = [(0x200C, 0x200D), (0x25CC, 0x25CC)]
INDIC = [(0x0964, 0x0965), (0x1CD0, 0x1CFF), (0xA830, 0xA839), (0xA8E0, 0xA8FF), (0x20B9, 0x20B9)]

# File, package, version, characters to keep (none: those of the font).
FONTS = [
    ("latin", "noto-serif", "0.4.2", []),
    ("arabic", "noto-naskh-arabic", "0.4.5",
     [(0x0600, 0x06FF), (0x0750, 0x077F), (0x0870, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)]),
    ("armenian", "noto-sans-armenian", "0.4.2", [(0x0530, 0x058F), (0xFB13, 0xFB17)]),
    ("bengali", "noto-sans-bengali", "0.4.4", [(0x0980, 0x09FF), *INDIC]),
    ("cherokee", "noto-sans-cherokee", "0.4.2", [(0x13A0, 0x13FF), (0xAB70, 0xABBF)]),
    ("devanagari", "noto-sans-devanagari", "0.4.1", [(0x0900, 0x097F), *INDIC]),
    ("ethiopic", "noto-sans-ethiopic", "0.4.2", [(0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F)]),
    ("georgian", "noto-sans-georgian", "0.4.3", [(0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)]),
    ("gujarati", "noto-sans-gujarati", "0.4.2", [(0x0A80, 0x0AFF), *INDIC]),
    ("gurmukhi", "noto-sans-gurmukhi", "0.4.1", [(0x0A00, 0x0A7F), *INDIC]),
    ("hebrew", "noto-sans-hebrew", "0.4.1", [(0x0590, 0x05FF), (0xFB1D, 0xFB4F)]),
    ("kannada", "noto-sans-kannada", "0.4.3", [(0x0C80, 0x0CFF), *INDIC]),
    ("khmer", "noto-sans-khmer", "0.4.3", [(0x1780, 0x17FF), (0x19E0, 0x19FF)]),
    ("lao", "noto-sans-lao", "0.4.2", [(0x0E80, 0x0EFF)]),
    ("malayalam", "noto-sans-malayalam", "0.4.2", [(0x0D00, 0x0D7F), *INDIC]),
    ("myanmar", "noto-sans-myanmar", "0.4.2", [(0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)]),
    ("tamil", "noto-sans-tamil", "0.4.3", [(0x0B80, 0x0BFF), *INDIC]),
    ("telugu", "noto-sans-telugu", "0.4.2", [(0x0C00, 0x0C7F), *INDIC]),
    ("thai", "noto-sans-thai", "0.4.2", [(0x0E00, 0x0E7F)]),
    ("hangul", "noto-sans-kr", "0.4.3", [(0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF)]),
    # Chinese of both kinds and Japanese: all ideographs that the font has, kana, bopomofo, their punctuation.
    ("han", "noto-sans-sc", "0.4.3",
     [(0x2E80, 0x2FDF), (0x3000, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
      (0xF900, 0xFAFF), (0xFF61, 0xFF9F), (0x20000, 0x3FFFF)]),
]


def fetch(package, version, folder):
    """The package as npm gives it: SHA-256, font, license."""
    subprocess.run(["npm", "pack", "--silent", f"@expo-google-fonts/{package}@{version}"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    path = glob.glob(f"{folder}/*{package}-{version}.tgz")[0]
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    with tarfile.open(path) as archive:
        font = next(n for n in archive.getnames() if n.startswith("package/400Regular/") and n.endswith(".ttf"))
        read = lambda name: archive.extractfile(name).read()
        return digest, read(font), read("package/LICENSE_FONT").decode()


def subset(data, ranges):
    """Hints dropped, and all characters but these."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    keep = set(font.getBestCmap())
    if ranges:
        keep &= {c for first, last in [*ranges, *SHARED] for c in range(first, last + 1)}
    options = Options(layout_features=["*"], hinting=False, notdef_outline=True, name_IDs=["*"], drop_tables=["STAT", "DSIG", "meta"])
    # Vertical setting and further forms of ideographs: nothing in a letter asks for them.
    if 0x4E00 in keep or 0xAC00 in keep:
        options.layout_features = ["ccmp", "locl", "mark", "mkmk", "ljmo", "vjmo", "tjmo", "calt"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=keep)
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def main():
    lines, holders, text = [], [], ""
    with tempfile.TemporaryDirectory() as folder:
        for name, package, version, ranges in FONTS:
            digest, data, license_text = fetch(package, version, folder)
            made = zlib.compress(subset(data, ranges), 9)
            with open(f"{HERE}/{name}.ttf.zlib", "wb") as file:
                file.write(made)
            lines.append(f"{name}.ttf.zlib {hashlib.sha256(made).hexdigest()} @expo-google-fonts/{package}@{version} {digest}")
            holder, _, text = license_text.partition("\n")
            holders.append(f"{name}.ttf.zlib: {holder}")
            print(name, len(data), len(made), file=sys.stderr)
    with open(f"{HERE}/fonts.txt", "w") as file:
        file.write("\n".join(lines) + "\n")
    with open(f"{HERE}/OFL.txt", "w") as file:
        file.write("\n".join(holders) + "\n" + text)


main()
