from django.urls import path

from annotations import dispute_views, list_views, member_views, queue_views, views

app_name = "annotations"
urlpatterns = [
    path("review/", list_views.queue_list, name="queue-list"),
    # What follows review/ is a dataset's name, and any name may be one.
    path("review/<dataset:name>/", list_views.dataset_review, name="review-next"),
    path("review/<dataset:name>/<int:pk>/", list_views.trace_review, name="review"),
    path("datasets/<dataset:name>/queues/new/", queue_views.queue_create, name="queue-create"),
    path("queues/<int:pk>/", queue_views.queue_detail, name="queue-detail"),
    path("queues/<int:pk>/settings/", queue_views.queue_settings, name="queue-settings"),
    path("queues/<int:pk>/status/", queue_views.queue_status, name="queue-status"),
    path("queues/<int:pk>/fill/", queue_views.queue_fill, name="queue-fill"),
    path("queues/<int:pk>/duplicate/", queue_views.queue_duplicate, name="queue-duplicate"),
    path("queues/<int:pk>/delete/", queue_views.queue_delete, name="queue-delete"),
    path("queues/<int:pk>/log.jsonl", queue_views.queue_log, name="queue-log"),
    path("queues/<int:pk>/people/", queue_views.queue_people, name="queue-people"),
    path("queues/<int:pk>/people/add/", member_views.member_add, name="member-add"),
    path("queues/<int:pk>/people/screen/", member_views.member_screen, name="member-screen"),
    path(
        "queues/<int:pk>/people/<int:member>/remove/",
        member_views.member_remove,
        name="member-remove",
    ),
    path(
        "queues/<int:pk>/people/<int:member>/pause/",
        member_views.member_pause,
        name="member-pause",
    ),
    path("queues/<int:pk>/comments/", queue_views.queue_comments, name="queue-comments"),
    path(
        "queues/<int:pk>/comments/<int:comment>/resolve/",
        queue_views.comment_resolve,
        name="comment-resolve",
    ),
    path("queues/<int:pk>/disputes/", dispute_views.dispute_list, name="dispute-list"),
    path(
        "queues/<int:pk>/disputes/<int:item>/", dispute_views.dispute_detail, name="dispute-detail"
    ),
    path(
        "queues/<int:pk>/disputes/<int:item>/sign/",
        dispute_views.dispute_sign,
        name="dispute-sign",
    ),
    path(
        "queues/<int:pk>/disputes/<int:item>/dismiss/",
        dispute_views.dispute_dismiss,
        name="dispute-dismiss",
    ),
    path("queues/<int:pk>/gold/", dispute_views.gold_list, name="gold-list"),
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
