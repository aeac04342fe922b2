from django.urls import path

from traces import dataset_views, duplicates_views, import_views, recut_views, views

app_name = "traces"
urlpatterns = [
    path("datasets/", views.dataset_list, name="dataset-list"),
    path("datasets/<dataset:name>/", views.dataset_detail, name="dataset-detail"),
    path(
        "datasets/<dataset:name>/settings/", dataset_views.dataset_settings, name="dataset-settings"
    ),
    path("datasets/<dataset:name>/members/", dataset_views.member_add, name="member-add"),
    path(
        "datasets/<dataset:name>/members/<int:pk>/remove/",
        dataset_views.member_remove,
        name="member-remove",
    ),
    path("datasets/<dataset:name>/filters/", dataset_views.filter_save, name="filter-save"),
    path(
        "datasets/<dataset:name>/filters/<int:pk>/delete/",
        dataset_views.filter_delete,
        name="filter-delete",
    ),
    path(
        "datasets/<dataset:name>/duplicates/",
        duplicates_views.duplicate_list,
        name="duplicate-list",
    ),
    path("datasets/<dataset:name>/variants/", duplicates_views.variant_link, name="variant-link"),
    path("traces/<int:pk>/recut/", recut_views.trace_recut, name="trace-recut"),
    path("traces/<int:pk>/", views.trace_detail, name="trace-detail"),
    path("imports/new/", import_views.import_create, name="import-create"),
    path("imports/<int:pk>/", import_views.import_detail, name="import-detail"),
    path("imports/<int:pk>/report.csv", import_views.import_rejections, name="import-rejections"),
]
