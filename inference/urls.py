from django.urls import path

from inference import schedule_views, scorer_views, views, worker_views
from inference.controls import CONTROLS

app_name = "inference"
urlpatterns = [
    path("", views.run_list, name="run-list"),
    path("start/", views.run_create, name="run-create"),
    path("<int:pk>/", views.run_detail, name="run-detail"),
    *(
        path(f"<int:pk>/{verb}/", views.run_control, {"verb": verb}, name=f"run-{verb}")
        for verb in CONTROLS
    ),
    path("schedules/", schedule_views.schedule_list, name="schedule-list"),
    path(
        "schedules/<int:pk>/on/",
        schedule_views.schedule_switch,
        {"on": True},
        name="schedule-on",
    ),
    path(
        "schedules/<int:pk>/off/",
        schedule_views.schedule_switch,
        {"on": False},
        name="schedule-off",
    ),
    path("schedules/<int:pk>/delete/", schedule_views.schedule_delete, name="schedule-delete"),
    path("workers/", worker_views.worker_list, name="worker-list"),
    path("scorers/", views.scorer_list, name="scorer-list"),
    path("scorers/new/", views.scorer_create, name="scorer-create"),
    path("scorers/critic/", scorer_views.critic_create, name="critic-create"),
    path("scorers/<int:pk>/", scorer_views.scorer_detail, name="scorer-detail"),
    path("scorers/<int:pk>/threshold/", scorer_views.scorer_rethreshold, name="scorer-rethreshold"),
    path("outputs/<int:pk>/", scorer_views.verdict_outputs, name="verdict-outputs"),
]
