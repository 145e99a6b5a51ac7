"""Make the modules of the programs in the tools folder importable."""

from __future__ import annotations

import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
for folder in ("corpus", "training"):
    sys.path.insert(0, str(TOOLS / folder))
