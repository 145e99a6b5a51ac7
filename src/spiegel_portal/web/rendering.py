"""How Django draws a form: every field with its label, help and error in our own markup."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Forms(TemplatesSetting):
    """Draws ``{{ form }}`` and ``{{ field.as_field_group }}`` with the components of the design."""

    form_template_name = "web/components/form.html"
    field_template_name = "web/components/field.html"
