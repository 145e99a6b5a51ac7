"""What people type to share something."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import sharing
from .models import Share

if TYPE_CHECKING:
    from uuid import UUID

    from .models import Organisation, User

#: The days until the end that is proposed.
PROPOSED_DAYS = 30


class ShareForm(forms.Form):
    """With whom, until when, and with or without the mirror's marks."""

    recipient = forms.TypedChoiceField(
        label=_("Show it to"),
        error_messages={
            "required": _("Choose who may see it."),
            "invalid_choice": _(
                "Choose someone who works here, or a trainer or coach of your training centre."
            ),
        },
    )
    ends_on = forms.DateField(
        label=_("Until and including"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the last day: sharing always ends.")},
    )
    with_marks = forms.BooleanField(label=_("With the mirror's marks"), required=False)

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        owner: User,
        kind: str,
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = today + dt.timedelta(days=PROPOSED_DAYS)
        self._fill(
            colleagues=list(sharing.colleagues_of(organisation=organisation, owner=owner)),
            helpers=list(sharing.helpers_of(organisation=organisation, owner=owner)),
        )
        day = self.fields["ends_on"].widget
        day.attrs |= {"min": f"{today}", "max": f"{sharing.year_after(day=today)}"}
        if kind != Share.Kind.DEBRIEF:
            del self.fields["with_marks"]

    def has_people(self) -> bool:
        """Whether there is anybody to share with."""
        return bool(self._people)

    def _fill(self, *, colleagues: list[User], helpers: list[User]) -> None:
        """Offer people by name, in two groups; those of one name with their e-mail address."""
        helpers = [person for person in helpers if person not in colleagues]
        everybody = [*colleagues, *helpers]
        self._people = {str(person.pk): person for person in everybody}
        names = Counter(map(str, everybody))

        def option(person: User) -> tuple[UUID, str]:
            name = str(person)
            return person.pk, f"{name} ({person.email})" if names[name] > 1 else name

        groups = ((_("Colleagues"), colleagues), (_("Training centre"), helpers))
        field = self.fields["recipient"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("Choose a person"))] + [
            (name, [option(person) for person in people]) for name, people in groups if people
        ]
        field.coerce = self._people.__getitem__
