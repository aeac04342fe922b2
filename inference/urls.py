from django.urls import path

from inference import views

app_name = "inference"
urlpatterns = [
    path("", views.run_list, name="run-list"),
    path("start/", views.run_create, name="run-create"),
    path("<int:pk>/", views.run_detail, name="run-detail"),
    *(
        path(f"<int:pk>/{verb}/", views.run_control, {"verb": verb}, name=f"run-{verb}")
        for verb in views.CONTROLS
    ),
    path("scorers/", views.scorer_list, name="scorer-list"),
    path("scorers/new/", views.scorer_create, name="scorer-create"),
]
