"""Debriefs, the three situations, lessons and plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from spiegel_portal.web.views.debriefs import edit, lessons, mirror, my_mirror, read, situations

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("debriefs/", read.debrief_list, name="debrief_list"),
    path("debriefs/start/<uuid:deal_id>/", edit.debrief_start, name="debrief_start"),
    path("debriefs/deals/<slug:field>/", edit.plan_deals, name="plan_deals"),
    path("debriefs/mirror/", mirror.debrief_mirror, name="debrief_mirror"),
    path("debriefs/mirror/answer/", mirror.mark_answer, name="mark_answer"),
    path("settings/mirror/", my_mirror.my_mirror, name="my_mirror"),
    path(
        "settings/mirror/language-model/",
        my_mirror.language_model_refuse,
        name="language_model_refuse",
    ),
    path("settings/mirror/forget/", my_mirror.my_mirror_forget, name="my_mirror_forget"),
    path("debriefs/<uuid:debrief_id>/", read.debrief_detail, name="debrief_detail"),
    path("debriefs/<uuid:debrief_id>/edit/", edit.debrief_edit, name="debrief_edit"),
    path("debriefs/<uuid:debrief_id>/save/", edit.debrief_save, name="debrief_save"),
    path("debriefs/<uuid:debrief_id>/reopen/", read.debrief_reopen, name="debrief_reopen"),
    path("debriefs/<uuid:debrief_id>/export/", read.debrief_export, name="debrief_export"),
    path("debriefs/<uuid:debrief_id>/delete/", read.debrief_delete, name="debrief_delete"),
    path(
        "debriefs/<uuid:debrief_id>/confirmed/",
        read.debrief_confirm_reason,
        name="debrief_confirm_reason",
    ),
    path("situations/", situations.situations, name="situations"),
    path("situations/<int:position>/", situations.situation_edit, name="situation_edit"),
    path("situations/<int:position>/save/", situations.situation_save, name="situation_save"),
    path("lessons/", lessons.lesson_list, name="lesson_list"),
    path("lessons/<uuid:lesson_id>/", lessons.lesson_detail, name="lesson_detail"),
    path("lessons/<uuid:lesson_id>/retire/", lessons.lesson_retire, name="lesson_retire"),
    path("plans/<uuid:plan_id>/", lessons.plan_answer, name="plan_answer"),
]
