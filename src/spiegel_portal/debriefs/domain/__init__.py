"""Everything that changes a debrief, a situation, a lesson, a plan or an answer to a mark."""

from __future__ import annotations

from .fields import choice_fields, stored_text, text_fields, tidy
from .finishing import (
    edit_lesson,
    finish_debrief,
    finish_situation,
    reopen,
    retire_lesson,
    start_series,
)
from .lessons import ASK_AFTER_DAYS
from .marks import answer_mark, forget_answers, mark_key, phrase_key
from .plans import ASK_AGAIN_DAYS, answer_plan, drop_plan
from .writing import (
    Conflicting,
    Saved,
    delete_debrief,
    save_texts,
    settle_conflict,
    start_debrief,
)

__all__ = [
    "ASK_AFTER_DAYS",
    "ASK_AGAIN_DAYS",
    "Conflicting",
    "Saved",
    "answer_mark",
    "answer_plan",
    "choice_fields",
    "delete_debrief",
    "drop_plan",
    "edit_lesson",
    "finish_debrief",
    "finish_situation",
    "forget_answers",
    "mark_key",
    "phrase_key",
    "reopen",
    "retire_lesson",
    "save_texts",
    "settle_conflict",
    "start_debrief",
    "start_series",
    "stored_text",
    "text_fields",
    "tidy",
]
