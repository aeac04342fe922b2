from django.urls import path

from inference.runs import views as runs_views
from inference.runs.control import CONTROLS
from inference.runs.schedules import views as schedules_views
from inference.scorers import views as scorers_views
from inference.workers import views as workers_views

app_name = "inference"
urlpatterns = [
    path("", runs_views.run_list, name="run-list"),
    path("start/", runs_views.run_create, name="run-create"),
    path("<int:pk>/", runs_views.run_detail, name="run-detail"),
    *(
        path(f"<int:pk>/{verb}/", runs_views.run_control, {"verb": verb}, name=f"run-{verb}")
        for verb in CONTROLS
    ),
    path("schedules/", schedules_views.schedule_list, name="schedule-list"),
    path(
        "schedules/<int:pk>/on/",
        schedules_views.schedule_switch,
        {"on": True},
        name="schedule-on",
    ),
    path(
        "schedules/<int:pk>/off/",
        schedules_views.schedule_switch,
        {"on": False},
        name="schedule-off",
    ),
    path("schedules/<int:pk>/delete/", schedules_views.schedule_delete, name="schedule-delete"),
    path("workers/", workers_views.worker_list, name="worker-list"),
    path("scorers/", scorers_views.scorer_list, name="scorer-list"),
    path("scorers/new/", scorers_views.scorer_create, name="scorer-create"),
    path("scorers/critic/", scorers_views.critic_create, name="critic-create"),
    path("scorers/<int:pk>/", scorers_views.scorer_detail, name="scorer-detail"),
    path("derivations/<int:pk>/cancel/", scorers_views.derivation_cancel, name="derivation-cancel"),
    path(
        "scorers/<int:pk>/threshold/",
        scorers_views.scorer_rethreshold,
        name="scorer-rethreshold",
    ),
    path("outputs/<int:pk>/", scorers_views.verdict_outputs, name="verdict-outputs"),
]
