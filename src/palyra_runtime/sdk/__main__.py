"""``python -m palyra_runtime.sdk FOLDER``: write the sample skills as artifacts into a folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from palyra_events.errors import Unavailable
from palyra_runtime.sdk import demo_key, pack_sample, sample_names


def main() -> int:
    """Write each sample to ``FOLDER/NAME.palyra-skill`` and print the paths."""
    parser = argparse.ArgumentParser(
        prog="python -m palyra_runtime.sdk",
        description="Write the sample skills as .palyra-skill files.",
        epilog="They are signed with a published demo key. Anybody has it: trust it for nothing else.",
    )
    parser.add_argument("folder", type=Path, help="where to write them; made where it is missing")
    folder: Path = parser.parse_args().folder
    try:
        for path in _write(folder):
            sys.stdout.write(f"{path}\n")
    except OSError as error:
        parser.exit(Unavailable.exit_code, f"error: {folder} cannot be written: {error.strerror}.\n")
    return 0


def _write(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name in sample_names():
        path = folder / f"{name}.palyra-skill"
        path.write_bytes(pack_sample(name, demo_key()))
        yield path


if __name__ == "__main__":
    sys.exit(main())
