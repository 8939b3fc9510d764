"""`packages.py FOLDER NAME…`: what `cargo xtask package` made is what the deployment looks for, and runs on arm64."""

import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from portico_infra.artifacts import find_packages  # noqa: E402
from portico_infra.cloud import Failure  # noqa: E402

ARM64 = 183


def look(path):
    with zipfile.ZipFile(path) as package:
        entries = package.infolist()
        assert [entry.filename for entry in entries] == ["bootstrap"], f"{path} has {[e.filename for e in entries]}, Lambda starts bootstrap"
        assert entries[0].external_attr >> 16 & 0o111 == 0o111, f"bootstrap of {path} may not be executed"
        head = package.open("bootstrap").read(20)
        assert head[:4] == b"\x7fELF" and int.from_bytes(head[18:20], "little") == ARM64, f"bootstrap of {path} is not for arm64"


def main():
    try:
        found = find_packages(Path(sys.argv[1]), sys.argv[2:])
        assert len(found) == len(sys.argv) - 2
        for path, _ in found.values():
            look(path)
    except (Failure, AssertionError) as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
