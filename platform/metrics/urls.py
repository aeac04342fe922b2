from django.urls import path

from metrics import agreement_views, generator_views, judge_views, rate_views

app_name = "metrics"
urlpatterns = [
    path("judges/", judge_views.judge_list, name="judge-list"),
    path("judges/chart.<str:suffix>", judge_views.judge_chart, name="judge-chart"),
    path("judges/<int:pk>/", judge_views.judge_detail, name="judge-detail"),
    path("judges/<int:pk>/<str:chart>.<str:suffix>", judge_views.judge_figure, name="judge-figure"),
    path("judges/agreement/", agreement_views.agreement_matrix, name="agreement-matrix"),
    path("judges/agreement/people/", agreement_views.agreement_people, name="agreement-people"),
    path("generators/", generator_views.generator_list, name="generator-list"),
    path(
        "generators/<str:chart>.<str:suffix>",
        generator_views.generator_chart,
        name="generator-chart",
    ),
    path("generators/<int:pk>/", generator_views.generator_detail, name="generator-detail"),
    path("generators/error-rate/", rate_views.error_rate, name="error-rate"),
    path("generators/robustness/", rate_views.robustness_list, name="robustness"),
]
