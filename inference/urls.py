from django.urls import path

from inference import views

app_name = "inference"
urlpatterns = [
    path("", views.run_list, name="run-list"),
    path("start/", views.run_create, name="run-create"),
    path("<int:pk>/", views.run_detail, name="run-detail"),
    path("<int:pk>/cancel/", views.run_cancel, name="run-cancel"),
    path("<int:pk>/retry/", views.run_retry, name="run-retry"),
    path("scorers/", views.scorer_list, name="scorer-list"),
    path("scorers/new/", views.scorer_create, name="scorer-create"),
]
