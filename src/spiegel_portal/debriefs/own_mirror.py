"""The mirror as its author has taught it, with what they answered to earlier marks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import spiegel
from spiegel.mirror.labels import LABELS

from .domain import mark_key, phrase_key
from .models import MarkAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spiegel import Answers, Personal, Reflection, Sentence
    from spiegel_portal.people.models import User

Key = TypeVar("Key")

#: What is read of each answer.
_READ = ("label", "answer", "phrase_hash", "by_language_model")


@dataclass(frozen=True, slots=True)
class OwnMirror:
    """One author's mirror.

    Attributes:
        author: Whose it is.
        personal: What the engine takes from their answers.
        answers: Their answers by the key of sentence and label.
    """

    author: User
    personal: Personal
    answers: Mapping[str, str]

    def answer(self, sentence: str, label: str) -> str:
        """Give the author's answer to one mark; empty where they gave none."""
        if not self.answers:
            return ""
        return self.answers.get(mark_key(author=self.author, sentence=sentence, label=label), "")

    def without_silenced(self, reflection: Reflection) -> Reflection:
        """Leave out marks the author called "not so", and marks on words they waved away."""
        return replace(reflection, sentences=tuple(map(self._kept, reflection.sentences)))

    def _kept(self, sentence: Sentence) -> Sentence:
        if not sentence.marks or not self.answers:
            return sentence
        sentence = self.personal.without_silenced(sentence)
        no = MarkAnswer.Answer.NOT_SO
        marks = (m for m in sentence.marks if self.answer(sentence.text, m.label) != no)
        return replace(sentence, marks=tuple(marks))


@dataclass(frozen=True, slots=True)
class Learnt:
    """What an author's mirror learnt about one label.

    Attributes:
        label: One of ``spiegel.LABELS``.
        answers: How often they said "yes" and "not so".
        shift: How far its threshold moved, in log-odds; above zero means fewer marks. What was
            said of a language model's marks does not move it.
        silent: How many turns of phrase stay silent under it.
    """

    label: str
    answers: Answers
    shift: float
    silent: int


def own_mirror(*, author: User) -> OwnMirror:
    """Give an author's mirror, in the organisation whose scope is open; one query."""
    given = MarkAnswer.objects.filter(author=author)
    rows = list(given.values_list(*_READ, "sentence_hash"))
    personal = spiegel.Personal(
        labels=_counted(
            (label, said) for label, said, _phrase, by_model, _key in rows if not by_model
        ),
        phrases=_counted((phrase, said) for _label, said, phrase, _by, _key in rows if phrase),
        key=partial(_phrase_key, author),
    )
    return OwnMirror(author, personal, {row[-1]: row[1] for row in rows})


def learnt(*, author: User) -> list[Learnt]:
    """Tell what an author's mirror learnt, per label they answered about; one query."""
    rows = list(MarkAnswer.objects.filter(author=author).values_list(*_READ))
    answers = _counted((label, said) for label, said, _phrase, _by_model in rows)
    shifting = _counted((label, said) for label, said, _phrase, by_model in rows if not by_model)
    phrases = _counted(((label, phrase), said) for label, said, phrase, _by in rows if phrase)
    silent = Counter(label for (label, _phrase), one in phrases.items() if one.wave_away())
    shift = spiegel.Personal(labels=shifting).shift
    return [
        Learnt(label, answers[label], shift(label), silent[label])
        for label in LABELS
        if label in answers
    ]


def _phrase_key(author: User, label: str, words: str) -> str:
    return phrase_key(author=author, label=label, words=words)


def _counted(answers: Iterable[tuple[Key, str]]) -> dict[Key, Answers]:
    """Count "yes" and "not so" per key."""
    counts = Counter(answers)
    yes, no = MarkAnswer.Answer.YES, MarkAnswer.Answer.NOT_SO
    return {
        key: spiegel.Answers(counts[key, yes], counts[key, no])
        for key in dict.fromkeys(key for key, _answer in counts)
    }
