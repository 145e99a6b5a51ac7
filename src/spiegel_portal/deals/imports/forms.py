"""The questions about one file: what its columns, stages, dates, amounts and owners mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spiegel_portal.deals.models import StageType

from . import words
from .choices import Choices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import Promise

    from spiegel_portal.deals.models import Import
    from spiegel_portal.people.models import User

_DATE_ORDERS = [
    ("dmy", _("Day first: 03-05-2026 is 3 May")),
    ("mdy", _("Month first: 03-05-2026 is 5 March")),
]
_SIGNS = [
    (",", _("A comma: 1.250,50")),
    (".", _("A point: 1,250.50")),
]
#: What an activity of an unknown kind can be, beside a note.
_ACTIVITIES = ("meeting", "call", "mail", "task")
#: The most owners that are asked about one by one.
_MOST_OWNERS = 60


class UploadForm(forms.Form):
    """The file to bring in."""

    file = forms.FileField(
        label=_("File with deals"),
        help_text=_(
            "An export of your CRM, as CSV or Excel. You first see what it says; nothing is "
            "changed."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
        allow_empty_file=True,
    )


class ColumnsForm(forms.Form):
    """What each column of a file holds, as a choice that can be changed.

    Args:
        data: What was sent.
        run: The import.
        names: The fields that a column can hold, with what people call them.
    """

    def __init__(self, data: Any, *, run: Import, names: Mapping[str, str | Promise]) -> None:
        super().__init__(data)
        self._understanding: dict[str, Any] = run.understanding
        self._header: list[str] = self._understanding["header"]
        self._names = names
        fields = {header: name for name, header in self._understanding["mapping"].items()}
        choices = [("", _("not used")), *names.items()]
        for number, header in enumerate(self._header):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=header, choices=choices, required=False, initial=fields.get(header, "")
            )

    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column's question, with a few values from the file."""
        samples = self._understanding["samples"]
        return [
            (self[f"column-{number}"], samples.get(header, []))
            for number, header in enumerate(self._header)
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse two columns for one field."""
        given = self.cleaned_data
        first: dict[str, str] = {}
        for number, header in enumerate(self._header):
            field = given.get(f"column-{number}")
            if field and first.setdefault(field, header) != header:
                self.add_error(
                    f"column-{number}",
                    _("“%(field)s” is already the column %(header)s; choose one of the two.")
                    % {"field": self._names[field], "header": first[field]},
                )
        return given

    def mapping(self) -> dict[str, str]:
        """Give each field its header, or ``""`` where no column was chosen for it."""
        chosen = dict.fromkeys(self._names, "")
        for number, header in enumerate(self._header):
            if self.cleaned_data[f"column-{number}"]:
                chosen[self.cleaned_data[f"column-{number}"]] = header
        return chosen


class EventsForm(ColumnsForm):
    """What was understood of a file with events, as choices that can be changed.

    Args:
        data: What was sent.
        run: The import; its understanding says which questions there are.
    """

    def __init__(self, data: Any = None, *, run: Import) -> None:
        super().__init__(data, run=run, names=words.EVENT_FIELDS)
        self._asked = self._understanding["asked_kinds"][:_MOST_OWNERS]
        kept = Choices.from_json(run.choices).event_kinds
        decision = self._understanding["dates"]
        if decision["either"] or (decision["decided_by"] and decision["choice"] != "ymd"):
            self.fields["date_order"] = forms.ChoiceField(
                label=_("Which number of a date is the day?"),
                choices=_DATE_ORDERS,
                widget=forms.RadioSelect,
                required=False,
                initial=decision["choice"],
            )
        kinds = [("", _("a note")), *((kind, words.EVENT_KINDS[kind]) for kind in _ACTIVITIES)]
        for number, kind in enumerate(self._asked):
            self.fields[f"kind-{number}"] = forms.ChoiceField(
                label=kind["name"], choices=kinds, required=False,
                initial=kept.get(kind["name"], ""),
            )  # fmt: skip

    def kinds(self) -> list[tuple[forms.BoundField, int]]:
        """Each unknown kind's question, with its number of events."""
        return [(self[f"kind-{number}"], kind["events"]) for number, kind in enumerate(self._asked)]

    def choices(self) -> Choices:
        """Give what was chosen."""
        given = self.cleaned_data
        kinds = {
            kind["name"]: given[f"kind-{number}"]
            for number, kind in enumerate(self._asked)
            if given[f"kind-{number}"]
        }
        order = str(given.get("date_order") or "")
        decision = self._understanding["dates"]
        same = order == decision["choice"] and not decision["asked"]
        return Choices(mapping=self.mapping(), event_kinds=kinds, date_order="" if same else order)


class QuestionsForm(ColumnsForm):
    """Everything that was understood of a file, each as a choice that can be changed.

    Args:
        data: What was sent.
        run: The import; its understanding says which questions there are.
        own_stages: The organisation's stages: name to type. These are not asked.
        members: Whom an owner in the file can be; a seller is offered only themselves.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        run: Import,
        own_stages: dict[str, str],
        members: Sequence[User],
    ) -> None:
        super().__init__(data, run=run, names=words.FIELDS)
        self._stages = [
            stage for stage in self._understanding["stages"] if stage["name"] not in own_stages
        ]
        self._owners = self._understanding["owners"][:_MOST_OWNERS]
        self._kept = Choices.from_json(run.choices)
        self._add_stages()
        self._add_signs()
        self._add_owners(members)
        self._add_reasons()
        self._add_key()

    def _add_stages(self) -> None:
        choices = [("", _("choose …")), *StageType.choices]
        for number, stage in enumerate(self._stages):
            known = "" if stage["type"] == "unknown" else stage["type"]
            self.fields[f"stage-{number}"] = forms.ChoiceField(
                label=stage["name"], choices=choices, required=False, initial=known
            )

    def _add_signs(self) -> None:
        for name, label, choices in (
            ("date_order", _("Which number of a date is the day?"), _DATE_ORDERS),
            ("decimal_sign", _("Which sign comes before the decimals?"), _SIGNS),
        ):
            decision = self._understanding["dates" if name == "date_order" else "amounts"]
            if decision["either"] or (decision["decided_by"] and decision["choice"] != "ymd"):
                self.fields[name] = forms.ChoiceField(
                    label=label,
                    choices=choices,
                    widget=forms.RadioSelect,
                    required=False,
                    initial=decision["choice"],
                )

    def _add_owners(self, members: Sequence[User]) -> None:
        modes = [("mine", _("All of them are mine"))]
        if {"owner", "owner_email"} & set(self._understanding["mapping"]):
            modes.insert(0, ("column", _("As the file says")))
        if self._understanding["for_all"]:
            modes.append(("nobody", _("Nobody's yet")))
        self.fields["owner_mode"] = forms.ChoiceField(
            label=_("Whose deals are these?"),
            choices=modes,
            widget=forms.RadioSelect,
            required=False,
            initial=self._understanding["owner_mode"],
        )
        people = [("", _("nobody here")), *((str(user.pk), str(user)) for user in members)]
        for number, owner in enumerate(self._owners):
            self.fields[f"owner-{number}"] = forms.ChoiceField(
                label=owner["name"], choices=people, required=False, initial=owner["member"]
            )

    def _add_reasons(self) -> None:
        reasons = self._understanding.get("reasons") or []
        if reasons:
            self.fields["parked_reasons"] = forms.MultipleChoiceField(
                label=_("Which of these reasons mean that a deal is only parked?"),
                choices=[(part["name"], f"{part['name']} ({part['deals']})") for part in reasons],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=[part["name"] for part in reasons if part["type"] == "parked"],
            )

    def _add_key(self) -> None:
        keys = self._understanding.get("keys") or []
        if keys:
            nothing = _("Nothing: every row comes in as a deal of its own, each time")
            options = [("|".join(key["fields"]), words.key_option(key)) for key in keys]
            self.fields["key"] = forms.ChoiceField(
                label=_("There are no ids. What tells one deal from another?"),
                choices=[("", nothing), *options],
                widget=forms.RadioSelect,
                required=False,
                initial="|".join(self._understanding.get("key") or []),
            )

    def stages(self) -> list[tuple[forms.BoundField, int]]:
        """Each new stage's question, with its number of deals; those without an answer first."""
        asked = [
            (self[f"stage-{number}"], stage["deals"], stage["type"])
            for number, stage in enumerate(self._stages)
        ]
        asked.sort(key=lambda entry: entry[2] != "unknown")
        return [(field, deals) for field, deals, _type in asked]

    def owners(self) -> list[tuple[forms.BoundField, int]]:
        """Each owner's question, with their number of deals."""
        return [
            (self[f"owner-{number}"], owner["deals"]) for number, owner in enumerate(self._owners)
        ]

    def choices(self) -> Choices:
        """Give what was chosen; what only repeats the file's own decision is left to the file."""
        given = self.cleaned_data
        stage_types = {
            stage["name"]: given[f"stage-{number}"]
            for number, stage in enumerate(self._stages)
            if given[f"stage-{number}"]
        }
        owners = {
            owner["name"]: given[f"owner-{number}"] for number, owner in enumerate(self._owners)
        }
        return Choices(
            mapping=self.mapping(),
            stage_types=stage_types,
            date_order=self._decided("date_order", "dates"),
            decimal_sign=self._decided("decimal_sign", "amounts"),
            owner_mode=given["owner_mode"],
            owners=owners,
            reason_types=dict.fromkeys(given.get("parked_reasons") or [], "parked"),
            key=[name for name in (given.get("key") or "").split("|") if name],
        )

    def _decided(self, name: str, about: str) -> str:
        given = str(self.cleaned_data.get(name) or "")
        decision = self._understanding[about]
        return "" if given == decision["choice"] and not decision["asked"] else given
