"""A seller's answers to the mirror's marks. Neither marks nor sentences are ever stored."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

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


def answer_mark(
    *, organisation: Organisation, author: User, sentence: str, label: str, answer: str
) -> MarkAnswer:
    """Store "not so" or "yes" to one mark; a later answer replaces the earlier one.

    Raises:
        Refused: for an unknown answer.
    """
    if answer not in MarkAnswer.Answer.values:
        raise Refused("choice-unknown", _("Choose one of the answers that are offered."))
    given: MarkAnswer = MarkAnswer.objects.update_or_create(
        organisation=organisation,
        author=author,
        sentence_hash=mark_key(author=author, sentence=sentence, label=label),
        defaults={"label": label[:20], "answer": answer},
    )[0]
    return given
