from django.urls import path

from metrics.agreement import views as agreement_views
from metrics.error_rates import views as error_rates_views
from metrics.generators import views as generators_views
from metrics.judges import views as judges_views

app_name = "metrics"
urlpatterns = [
    path("judges/", judges_views.judge_list, name="judge-list"),
    path("judges/chart.<str:suffix>", judges_views.judge_chart, name="judge-chart"),
    path("judges/<int:pk>/", judges_views.judge_detail, name="judge-detail"),
    path(
        "judges/<int:pk>/<str:chart>.<str:suffix>", judges_views.judge_figure, name="judge-figure"
    ),
    path("judges/agreement/", agreement_views.agreement_matrix, name="agreement-matrix"),
    path("judges/agreement/people/", agreement_views.agreement_people, name="agreement-people"),
    path("generators/", generators_views.generator_list, name="generator-list"),
    path(
        "generators/<str:chart>.<str:suffix>",
        generators_views.generator_chart,
        name="generator-chart",
    ),
    path("generators/<int:pk>/", generators_views.generator_detail, name="generator-detail"),
    path("generators/error-rate/", error_rates_views.error_rate, name="error-rate"),
    path("generators/robustness/", generators_views.robustness_list, name="robustness"),
]
