from django.urls import path

from traces import import_views, views

app_name = "traces"
urlpatterns = [
    path("datasets/", views.dataset_list, name="dataset-list"),
    path("datasets/<dataset:name>/", views.dataset_detail, name="dataset-detail"),
    path("traces/<int:pk>/", views.trace_detail, name="trace-detail"),
    path("imports/new/", import_views.import_create, name="import-create"),
    path("imports/<int:pk>/", import_views.import_detail, name="import-detail"),
    path("imports/<int:pk>/report.csv", import_views.import_rejections, name="import-rejections"),
]
