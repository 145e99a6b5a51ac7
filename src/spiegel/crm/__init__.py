r"""Exports of CRMs in, deals out, with what was understood: read, understand, deals.

>>> table = read(b"Deal ID,Deal name,Stage\\n7,Mill,Won\\n")
>>> understand(table).stage_types["won"]
1
"""

from .doubts import Doubt
from .headers import recognise
from .read import Row, Rows, Table, read
from .rows import DealRow, Reading, Rejection, deals
from .source import MAX_BYTES
from .system import FIELDS, STAGE_TYPES, System, systems
from .understand import Answers, Stage, Understanding, understand
from .values import Amount, Decision

__all__ = [
    "FIELDS",
    "MAX_BYTES",
    "STAGE_TYPES",
    "Amount",
    "Answers",
    "DealRow",
    "Decision",
    "Doubt",
    "Reading",
    "Rejection",
    "Row",
    "Rows",
    "Stage",
    "System",
    "Table",
    "Understanding",
    "deals",
    "read",
    "recognise",
    "systems",
    "understand",
]
