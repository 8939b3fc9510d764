"""Runs every check of the infrastructure: functions `it_…` of the modules here, one line each, a sum at the end as cargo's."""

import importlib
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    failures, passed = [], 0
    for path in sorted(HERE.glob("check_*.py")):
        module = importlib.import_module(path.stem)
        for name, check in vars(module).items():
            if not name.startswith("it_") or wanted not in f"{path.stem}::{name}":
                continue
            began = time.monotonic()
            try:
                check()
                passed += 1
                print(f"test {path.stem}::{name} ... ok ({time.monotonic() - began:.1f} s)", flush=True)
            except Exception:
                failures.append((f"{path.stem}::{name}", traceback.format_exc()))
                print(f"test {path.stem}::{name} ... FAILED", flush=True)
    if failures:
        print("\nfailures:\n")
        for name, text in failures:
            print(f"---- {name} ----\n{text}")
    print(f"test result: {'FAILED' if failures else 'ok'}. {passed} passed; {len(failures)} failed; 0 ignored")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
