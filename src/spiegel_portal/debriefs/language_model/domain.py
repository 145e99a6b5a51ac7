"""Choosing, and asking, an organisation's language model."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists

from spiegel.mirror import chat
from spiegel_portal.common import audit, ciphers
from spiegel_portal.debriefs.models import LanguageModel, LanguageModelRefusal

from .addresses import is_allowed, read_address
from .client import Endpoint, Reason, Unusable, ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spiegel import Reflection
    from spiegel_portal.people.models import Membership, Organisation, User

logger = logging.getLogger(__name__)

#: The longest text that is sent, in characters; a longer one gets the built-in marks.
LONGEST = 6_000
#: How long an endpoint that did not answer is left alone, in seconds.
REST = 30
#: Failures that every next page would wait for too.
_RESTFUL: set[Reason] = {"unreachable", "slow", "refused"}


def in_use(*, author: User) -> LanguageModel | None:
    """Give the language model that reads an author's texts, in the organisation now open.

    Returns:
        None when there is none, it is off, or the author keeps their texts from it.
    """
    refusals = LanguageModelRefusal.objects.filter(author=author)
    switched_on = LanguageModel.objects.filter(is_on=True)
    found: LanguageModel | None = switched_on.exclude(Exists(refusals)).first()
    return found


def has_refused(*, author: User) -> bool:
    """Tell whether an author keeps their texts from the language model."""
    return bool(LanguageModelRefusal.objects.filter(author=author).exists())


def refuse(*, organisation: Organisation, author: User, refuses: bool) -> None:
    """Keep an author's texts from the organisation's language model, or no longer."""
    if refuses:
        LanguageModelRefusal.objects.get_or_create(organisation=organisation, author=author)
    else:
        LanguageModelRefusal.objects.filter(author=author).delete()


def chosen() -> LanguageModel | None:
    """Give what was filled in, on or off, in the organisation whose scope is open."""
    found: LanguageModel | None = LanguageModel.objects.first()
    return found


@transaction.atomic
def choose(
    *, by: Membership, is_on: bool, base_url: str, model: str, key: str, keep_key: bool
) -> LanguageModel:
    """Fill in an organisation's language model, and switch it on or off.

    Args:
        by: The administrator.
        is_on: Whether it is asked from now on.
        base_url: Its address, checked by the form.
        model: Its name there.
        key: A new key; kept encrypted.
        keep_key: Without a new key, keep the one there is. A key goes to the place it was given
            for only: at another address it is dropped.
    """
    before = chosen()
    same_place = before is not None and _place(before.base_url) == _place(base_url)
    kept = before.key_encrypted if before and keep_key and same_place else ""
    made: LanguageModel = LanguageModel.objects.update_or_create(
        organisation_id=by.organisation_id,
        defaults={
            "is_on": is_on,
            "base_url": base_url,
            "model": model,
            "key_encrypted": ciphers.encrypt(key) if key else kept,
        },
    )[0]
    cache.delete(_rest_key(made))
    audit.record(
        organisation=by.organisation, actor=by.user, action="language-model.changed",
        subject=f"on: {made.host}" if is_on else "off",
    )  # fmt: skip
    return made


def _place(url: str) -> tuple[str, int] | None:
    if not url:
        return None
    address = read_address(url)
    return address.host, address.port


def look_closer(
    *, language_model: LanguageModel, reflections: Sequence[Reflection]
) -> list[Reflection]:
    """Have an organisation's language model mark texts, in one question.

    Args:
        language_model: Which.
        reflections: The texts as the built-in mirror saw them.

    Returns:
        The same texts with the model's marks.

    Raises:
        Unusable: There is no answer that can be used.
    """
    sentences = [sentence.text for seen in reflections for sentence in seen.sentences]
    if not sentences:
        return list(reflections)
    try:
        found = _asked(language_model, sentences)
    except Unusable as problem:
        # Never what was written or answered.
        logger.warning(
            "%s: no marks of the language model (%s)", language_model.organisation_id, problem
        )
        if problem.reason in _RESTFUL:
            cache.set(_rest_key(language_model), 1, REST)
        raise
    marked, first = [], 0
    for seen in reflections:
        last = first + len(seen.sentences)
        marked.append(chat.remark(seen, found[first:last]))
        first = last
    return marked


def _asked(language_model: LanguageModel, sentences: Sequence[str]) -> list[chat.Found]:
    if sum(map(len, sentences)) > LONGEST:
        raise Unusable("too-long")
    if cache.get(_rest_key(language_model)):
        raise Unusable("resting")
    seconds = settings.SPIEGEL_LANGUAGE_MODEL_SECONDS
    return ask(endpoint_of(language_model), sentences, seconds=seconds)


def endpoint_of(language_model: LanguageModel) -> Endpoint:
    """Say where a language model is asked, with its key in the clear.

    Raises:
        Unusable: Its host may not be chosen any longer, or its key cannot be read.
    """
    try:
        address = read_address(language_model.base_url)
        kept = language_model.key_encrypted
        key = ciphers.decrypt(kept) if kept else ""
    except ValueError:
        raise Unusable("not-allowed") from None
    except ciphers.KeyChanged:
        raise Unusable("key-changed") from None
    if not is_allowed(address):
        raise Unusable("not-allowed")
    return Endpoint(address.url, language_model.model, key)


def _rest_key(language_model: LanguageModel) -> str:
    return f"language-model-rests:{language_model.organisation_id}"
