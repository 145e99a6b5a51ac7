"""A seller's answers to the mirror's marks. Neither marks nor sentences are ever stored."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from spiegel.mirror.labels import LABELS
from spiegel.mirror.personal import fold
from spiegel_portal.common.errors import Refused
from spiegel_portal.debriefs.models import MarkAnswer

if TYPE_CHECKING:
    from spiegel_portal.people.models import Organisation, User

_EDGES = " \t\n.,;:!?…\"'“”‘’()[]-–—"


def mark_key(*, author: User, sentence: str, label: str) -> str:
    """Name one mark of one author without keeping its words: 64 hexadecimal digits.

    The sentence is folded first (case, width, spacing and punctuation at its edges), so the mark
    stays silent when only those change. The key depends on the installation's secret, so a copy of
    the database does not allow guessing sentences.
    """
    folded = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", sentence).casefold())
    words = f"{author.pk}\n{label}\n{folded.strip(_EDGES)}"
    return salted_hmac("spiegel.mark", words, algorithm="sha256").hexdigest()


def phrase_key(*, author: User, label: str, words: str) -> str:
    """Name the words of one author's marks without keeping them: 64 hexadecimal digits."""
    named = f"{author.pk}\n{label}\n{fold(words)}"
    return salted_hmac("spiegel.phrase", named, algorithm="sha256").hexdigest()


def answer_mark(
    *,
    organisation: Organisation,
    author: User,
    sentence: str,
    label: str,
    answer: str,
    words: str = "",
    by_language_model: bool = False,
) -> MarkAnswer:
    """Store "not so" or "yes" to one mark; a later answer replaces the earlier one.

    Args:
        organisation: Where the author works now.
        author: Whose answer it is.
        sentence: The sentence that was marked.
        label: The mark's label.
        answer: A :class:`MarkAnswer.Answer`.
        words: The words the mark points at.
        by_language_model: Whether the mark was a language model's.

    Raises:
        Refused: for an unknown answer or label.
    """
    if answer not in MarkAnswer.Answer.values or label not in LABELS:
        raise Refused("choice-unknown", _("Choose one of the answers that are offered."))
    given: MarkAnswer = MarkAnswer.objects.update_or_create(
        organisation=organisation,
        author=author,
        sentence_hash=mark_key(author=author, sentence=sentence, label=label),
        defaults={
            "label": label,
            "answer": answer,
            "by_language_model": by_language_model,
            "phrase_hash": phrase_key(author=author, label=label, words=words) if words else "",
        },
    )[0]
    return given


def forget_answers(*, author: User) -> int:
    """Forget every answer of the author to a mark, in the organisation whose scope is open.

    Returns:
        How many there were.
    """
    return int(MarkAnswer.objects.filter(author=author).delete()[0])
