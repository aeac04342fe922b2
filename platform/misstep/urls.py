"""Every address of the site, grouped by object; the names are `app:object-verb`."""

from django.urls import include, path

from misstep import api, views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("api/docs", api.api_docs, name="api-docs"),
    path("api/", api.urls()),
    path("", include("accounts.urls")),
    path("", include("traces.urls")),
    path("", include("annotations.urls")),
    path("scoring/", include("inference.urls")),
    path("", include("metrics.urls")),
    path("exports/", include("exports.urls")),
    path("training/", include("training.urls")),
]

# Instead of Django's own, which have no words for a program.
handler400 = "misstep.error_pages.bad_request"
handler404 = "misstep.error_pages.not_found"
handler500 = "misstep.error_pages.server_error"
