"""Organisation, members, invitations, and what is one's own: settings and data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from spiegel_portal.web.views.people import account, data, language_model, members, organisation

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", account.language, name="language"),
    path("settings/", account.settings_page, name="settings"),
    path("my-data/", data.my_data, name="my_data"),
    path("my-data/export/<str:kind>/", data.my_data_export, name="my_data_export"),
    path("my-data/erase/", data.my_data_erase, name="my_data_erase"),
    path("organisation/start/", organisation.start, name="organisation_start"),
    path("organisation/language-model/", language_model.language_model, name="language_model"),
    path("organisation/switch/", organisation.switch, name="organisation_switch"),
    path("invitations/<str:secret>/", organisation.accept, name="invitation_accept"),
    path("members/", members.member_list, name="member_list"),
    path("members/invite/", members.invite, name="invitation_new"),
    path(
        "members/invitations/<uuid:invitation_id>/withdraw/",
        members.withdraw,
        name="invitation_withdraw",
    ),
    path("members/teams/add/", members.team_add, name="team_add"),
    path("members/<uuid:member_id>/", members.member_edit, name="member_edit"),
    path("members/<uuid:member_id>/remove/", members.member_remove, name="member_remove"),
]
