from django.urls import path

from metrics import views

app_name = "metrics"
urlpatterns = [
    path("judges/", views.judge_list, name="judge-list"),
    path("judges/chart.<str:suffix>", views.judge_chart, name="judge-chart"),
    path("judges/<int:pk>/", views.judge_detail, name="judge-detail"),
    path("generators/", views.generator_list, name="generator-list"),
    path("generators/<str:chart>.<str:suffix>", views.generator_chart, name="generator-chart"),
    path("generators/<int:pk>/", views.generator_detail, name="generator-detail"),
]
