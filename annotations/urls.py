from django.urls import path

from annotations import list_views, views

app_name = "annotations"
urlpatterns = [
    path("review/", list_views.queue_list, name="queue-list"),
    # What follows review/ is a dataset's name, and any name may be one.
    path("review/<dataset:name>/", list_views.dataset_review, name="review-next"),
    path("review/<dataset:name>/<int:pk>/", list_views.trace_review, name="review"),
    path("queues/<int:pk>/review/", views.queue_review, name="queue-review"),
    path("queues/<int:pk>/reviews/", list_views.review_list, name="review-list"),
    # A review is a person's lease of an item: theirs alone, from the grant to the last revision.
    path("reviews/<int:pk>/", views.review, name="review-detail"),
    path("reviews/<int:pk>/draft/", views.review_draft, name="review-draft"),
    path("reviews/<int:pk>/renew/", views.review_renew, name="review-renew"),
    path("reviews/<int:pk>/leave/", views.review_leave, name="review-leave"),
    path("reviews/<int:pk>/ahead/", views.review_ahead, name="review-ahead"),
    path("reviews/<int:pk>/comment/", views.review_comment, name="review-comment"),
    path("preview/", views.preview, name="preview"),
]
