from django.urls import path

from annotations import views

app_name = "annotations"
urlpatterns = [
    path("review/", views.queue_list, name="queue-list"),
    path("review/preview/", views.preview, name="preview"),
    path("review/<str:name>/", views.review_next, name="review-next"),
    path("review/<str:name>/<int:pk>/", views.review, name="review"),
]
