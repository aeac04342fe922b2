"""Every address of the site, grouped by object; the names are `app:object-verb`."""

from django.urls import include, path

from misstep import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("", include("accounts.urls")),
]
