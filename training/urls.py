"""URLs of training runs."""

from django.urls import path

from training import views

app_name = "training"
urlpatterns = [
    path("", views.run_list, name="run-list"),
    path("on/<int:pk>/", views.run_create, name="run-create"),
    path("<int:pk>/", views.run_detail, name="run-detail"),
    path("<int:pk>/curve.<str:suffix>", views.run_chart, name="run-chart"),
    path("<int:pk>/cancel/", views.run_cancel, name="run-cancel"),
    path("<int:pk>/resume/", views.run_resume, name="run-resume"),
    path("<int:pk>/register/", views.run_register, name="run-register"),
]
