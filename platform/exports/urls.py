from django.urls import path

from exports import views
from exports.curation import views as curation_views
from exports.hub import views as hub_views
from exports.lineage import views as lineage_views

app_name = "exports"
urlpatterns = [
    path("", views.export_list, name="export-list"),
    path("new/", views.export_create, name="export-create"),
    path("<int:pk>/", views.export_detail, name="export-detail"),
    path("<int:pk>/cancel/", views.export_cancel, name="export-cancel"),
    path("<int:pk>/files/<path:name>", views.export_file, name="export-file"),
    path("<int:pk>/row/", lineage_views.export_row, name="export-row"),
    path("<int:pk>/push/", hub_views.export_push, name="export-push"),
    path("pushes/<int:pk>/cancel/", hub_views.push_cancel, name="push-cancel"),
    path("rules/<str:name>/", curation_views.rule_list, name="rule-list"),
    path("rules/<str:name>/new/", curation_views.rule_create, name="rule-create"),
    path("rules/<str:name>/<int:pk>/", curation_views.rule_detail, name="rule-detail"),
    path("verdicts/<int:pk>/", lineage_views.verdict_detail, name="verdict-detail"),
    path("verdicts/<int:pk>/withdraw/", lineage_views.verdict_withdraw, name="verdict-withdraw"),
    path("judges/<int:pk>/withdraw/", lineage_views.judge_withdraw, name="judge-withdraw"),
]
