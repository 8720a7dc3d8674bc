"""``python -m palyra_runtime.cli``: the same as the command ``palyra``."""

from __future__ import annotations

import sys

from palyra_runtime.cli import main

if __name__ == "__main__":
    sys.exit(main())
