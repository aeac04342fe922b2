from django.urls import path

from exports import views

app_name = "exports"
urlpatterns = [
    path("", views.export_list, name="export-list"),
    path("new/", views.export_create, name="export-create"),
    path("<int:pk>/", views.export_detail, name="export-detail"),
    path("<int:pk>/files/<path:name>", views.export_file, name="export-file"),
]
