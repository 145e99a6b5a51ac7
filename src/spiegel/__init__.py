"""Spiegel's engine: pure Python, without Django, network, clock or global random.

What is public stands in ``__all__``. It is loaded when first asked for, so that ``import spiegel``
stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import DataError, InputError, SpiegelError
    from .mirror.batches import reflect_batch
    from .mirror.evaluate import Evaluation, evaluate
    from .mirror.labels import LABELS
    from .mirror.personal import Answers, Personal
    from .mirror.reflect import reflect, reflect_many, reflect_sentences
    from .mirror.types import Mark, Reflection, Sentence

_HOMES = {
    "Answers": "spiegel.mirror.personal",
    "DataError": "spiegel.errors",
    "Evaluation": "spiegel.mirror.evaluate",
    "InputError": "spiegel.errors",
    "LABELS": "spiegel.mirror.labels",
    "Mark": "spiegel.mirror.types",
    "Personal": "spiegel.mirror.personal",
    "Reflection": "spiegel.mirror.types",
    "Sentence": "spiegel.mirror.types",
    "SpiegelError": "spiegel.errors",
    "evaluate": "spiegel.mirror.evaluate",
    "reflect": "spiegel.mirror.reflect",
    "reflect_batch": "spiegel.mirror.batches",
    "reflect_many": "spiegel.mirror.reflect",
    "reflect_sentences": "spiegel.mirror.reflect",
}

__all__ = [
    "LABELS",
    "Answers",
    "DataError",
    "Evaluation",
    "InputError",
    "Mark",
    "Personal",
    "Reflection",
    "Sentence",
    "SpiegelError",
    "evaluate",
    "reflect",
    "reflect_batch",
    "reflect_many",
    "reflect_sentences",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module 'spiegel' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, also those not loaded yet."""
    return sorted({*globals(), *__all__})
