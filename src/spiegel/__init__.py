"""Spiegel's engine: pure Python, without Django, network, clock or global random.

What is public stands in ``__all__``. It is loaded when first asked for, so that ``import spiegel``
stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .claims.extract import find_claims
    from .claims.types import TOPICS, Claim, Contradiction, TimelineEvent
    from .errors import DataError, InputError, SpiegelError
    from .mirror.batches import reflect_batch
    from .mirror.evaluate import Evaluation, evaluate
    from .mirror.labels import LABELS
    from .mirror.personal import Answers, Personal
    from .mirror.reflect import reflect, reflect_many, reflect_sentences
    from .mirror.types import Mark, Reflection, Sentence
    from .signs.evaluate import SignEvaluation, evaluate_signs
    from .signs.find import find_signs
    from .signs.timeline import timelines
    from .signs.types import SIGNS, DealFacts, PlanStep, Sign, SignSettings, Timeline

_HOMES = {
    "Answers": "spiegel.mirror.personal",
    "Claim": "spiegel.claims.types",
    "Contradiction": "spiegel.claims.types",
    "DataError": "spiegel.errors",
    "DealFacts": "spiegel.signs.types",
    "evaluate": "spiegel.mirror.evaluate",
    "evaluate_signs": "spiegel.signs.evaluate",
    "Evaluation": "spiegel.mirror.evaluate",
    "find_claims": "spiegel.claims.extract",
    "find_signs": "spiegel.signs.find",
    "InputError": "spiegel.errors",
    "LABELS": "spiegel.mirror.labels",
    "Mark": "spiegel.mirror.types",
    "Personal": "spiegel.mirror.personal",
    "PlanStep": "spiegel.signs.types",
    "reflect": "spiegel.mirror.reflect",
    "reflect_batch": "spiegel.mirror.batches",
    "reflect_many": "spiegel.mirror.reflect",
    "reflect_sentences": "spiegel.mirror.reflect",
    "Reflection": "spiegel.mirror.types",
    "Sentence": "spiegel.mirror.types",
    "Sign": "spiegel.signs.types",
    "SignEvaluation": "spiegel.signs.evaluate",
    "SIGNS": "spiegel.signs.types",
    "SignSettings": "spiegel.signs.types",
    "SpiegelError": "spiegel.errors",
    "Timeline": "spiegel.signs.types",
    "TimelineEvent": "spiegel.claims.types",
    "timelines": "spiegel.signs.timeline",
    "TOPICS": "spiegel.claims.types",
}

__all__ = [
    "LABELS",
    "SIGNS",
    "TOPICS",
    "Answers",
    "Claim",
    "Contradiction",
    "DataError",
    "DealFacts",
    "Evaluation",
    "InputError",
    "Mark",
    "Personal",
    "PlanStep",
    "Reflection",
    "Sentence",
    "Sign",
    "SignEvaluation",
    "SignSettings",
    "SpiegelError",
    "Timeline",
    "TimelineEvent",
    "evaluate",
    "evaluate_signs",
    "find_claims",
    "find_signs",
    "reflect",
    "reflect_batch",
    "reflect_many",
    "reflect_sentences",
    "timelines",
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
