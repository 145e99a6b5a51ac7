"""What people type about themselves and their organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from .models import Organisation, Role, Team, User

#: The most addresses in one go.
MOST_INVITED = 50


class StartForm(forms.Form):
    """On my own, or with a company?"""

    kind = forms.ChoiceField(
        label=_("How do you sell?"),
        choices=[
            (Organisation.Kind.COMPANY, _("With a company")),
            (Organisation.Kind.SOLO, _("On my own")),
        ],
        widget=forms.RadioSelect,
        initial=Organisation.Kind.SOLO,
    )
    name = forms.CharField(
        label=_("Name of the company"),
        max_length=120,
        required=False,
        help_text=_("Only for a company. You can invite colleagues afterwards."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask a company for its name."""
        given = super().clean() or {}
        if given.get("kind") == Organisation.Kind.COMPANY and not given.get("name"):
            self.add_error("name", _("Give the company a name, as your colleagues know it."))
        return given


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or more, each on a line of its own or with commas between."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.SELLER)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.all()

    def clean_emails(self) -> list[str]:
        """Give the addresses; name the first that is not one."""
        words = self.cleaned_data["emails"].replace(",", " ").replace(";", " ").split()
        if len(words) > MOST_INVITED:
            raise ValidationError(
                _("These are %(count)d addresses; invite at most %(most)d in one go."),
                params={"count": len(words), "most": MOST_INVITED},
            )
        for word in words:
            try:
                validate_email(word)
            except ValidationError:
                raise ValidationError(
                    _("“%(word)s” is not an e-mail address; write it like name@company.com."),
                    params={"word": word},
                ) from None
        return [word.lower() for word in dict.fromkeys(words)]


class MemberForm(forms.Form):
    """Another role or team for a member."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.all()


class TeamForm(forms.Form):
    """A team's name."""

    name = forms.CharField(label=_("Name of the team"), max_length=120)


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """One's own name and language."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"name": _("Your name")}


class EraseForm(forms.Form):
    """Is it really you, and are you sure?"""

    proof = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            self.fields["proof"] = forms.CharField(label=_("Type your e-mail address"))

    def clean_proof(self) -> str:
        """Compare with the password, or with the address of who has none."""
        proof: str = self.cleaned_data["proof"]
        if self.user.has_usable_password():
            if not self.user.check_password(proof):
                raise ValidationError(_("This is not your password; nothing was erased."))
        elif proof.strip().lower() != self.user.email:
            raise ValidationError(_("This is not your e-mail address; nothing was erased."))
        return proof
