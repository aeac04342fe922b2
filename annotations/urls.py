from django.urls import path

from annotations import views

app_name = "annotations"
urlpatterns = [
    path("review/", views.queue_list, name="queue-list"),
    # Not below review/: what follows there is a dataset's name, and any name may be one.
    path("preview/", views.preview, name="preview"),
    path("review/<dataset:name>/", views.review_next, name="review-next"),
    path("review/<dataset:name>/<int:pk>/", views.review, name="review"),
]
