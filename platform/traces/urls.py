from django.urls import path

from traces.datasets import settings_views
from traces.datasets import views as datasets_views
from traces.duplicates import views as duplicates_views
from traces.imports import views as imports_views
from traces.segmentation import views as segmentation_views

app_name = "traces"
urlpatterns = [
    path("datasets/", datasets_views.dataset_list, name="dataset-list"),
    path("datasets/<dataset:name>/", datasets_views.dataset_detail, name="dataset-detail"),
    path(
        "datasets/<dataset:name>/settings/",
        settings_views.dataset_settings,
        name="dataset-settings",
    ),
    path("datasets/<dataset:name>/members/", settings_views.member_add, name="member-add"),
    path(
        "datasets/<dataset:name>/members/<int:pk>/remove/",
        settings_views.member_remove,
        name="member-remove",
    ),
    path("datasets/<dataset:name>/filters/", settings_views.filter_save, name="filter-save"),
    path(
        "datasets/<dataset:name>/filters/<int:pk>/delete/",
        settings_views.filter_delete,
        name="filter-delete",
    ),
    path(
        "datasets/<dataset:name>/duplicates/",
        duplicates_views.duplicate_list,
        name="duplicate-list",
    ),
    path("datasets/<dataset:name>/variants/", duplicates_views.variant_link, name="variant-link"),
    path("traces/<int:pk>/resegment/", segmentation_views.trace_resegment, name="trace-resegment"),
    path("traces/<int:pk>/", datasets_views.trace_detail, name="trace-detail"),
    path("imports/new/", imports_views.import_create, name="import-create"),
    path("imports/<int:pk>/", imports_views.import_detail, name="import-detail"),
    path("imports/<int:pk>/cancel/", imports_views.import_cancel, name="import-cancel"),
    path("imports/<int:pk>/report.csv", imports_views.import_rejections, name="import-rejections"),
]
