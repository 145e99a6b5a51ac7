"""Every address of the portal. Pages are listed per area in spiegel_portal.web.urls."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("spiegel_portal.web.urls")),
]

handler400 = "spiegel_portal.web.views.errors.bad_request"
handler403 = "spiegel_portal.web.views.errors.forbidden"
handler404 = "spiegel_portal.web.views.errors.not_found"
# django-allauth asks for this one when somebody logs in too often.
handler429 = "spiegel_portal.web.views.errors.too_many"
handler500 = "spiegel_portal.web.views.errors.broken"
