from django.urls import path

from traces import views

app_name = "traces"
urlpatterns = [
    path("datasets/", views.dataset_list, name="dataset-list"),
    path("datasets/<str:name>/", views.dataset_detail, name="dataset-detail"),
    path("traces/<int:pk>/", views.trace_detail, name="trace-detail"),
]
