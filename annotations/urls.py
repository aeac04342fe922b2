from django.urls import path

from annotations.adjudication import views as adjudication_views
from annotations.gold import views as gold_views
from annotations.members import views as members_views
from annotations.queues import comment_views
from annotations.queues import views as queues_views
from annotations.review import views as review_views

app_name = "annotations"
urlpatterns = [
    path("review/", queues_views.queue_list, name="queue-list"),
    # What follows review/ is a dataset's name, and any name may be one.
    path("review/<dataset:name>/", review_views.dataset_review, name="review-next"),
    path("review/<dataset:name>/<int:pk>/", review_views.trace_review, name="review"),
    path("datasets/<dataset:name>/queues/new/", queues_views.queue_create, name="queue-create"),
    path("queues/<int:pk>/", queues_views.queue_detail, name="queue-detail"),
    path("queues/<int:pk>/settings/", queues_views.queue_settings, name="queue-settings"),
    path("queues/<int:pk>/status/", queues_views.queue_status, name="queue-status"),
    path("queues/<int:pk>/fill/", queues_views.queue_fill, name="queue-fill"),
    path("queues/<int:pk>/duplicate/", queues_views.queue_duplicate, name="queue-duplicate"),
    path("queues/<int:pk>/delete/", queues_views.queue_delete, name="queue-delete"),
    path(
        "queues/<int:pk>/jobs/<int:job>/cancel/",
        queues_views.queue_job_cancel,
        name="queue-job-cancel",
    ),
    path("queues/<int:pk>/log.jsonl", queues_views.queue_log, name="queue-log"),
    path("queues/<int:pk>/people/", members_views.queue_people, name="queue-people"),
    path("queues/<int:pk>/people/add/", members_views.member_add, name="member-add"),
    path("queues/<int:pk>/people/screen/", members_views.member_screen, name="member-screen"),
    path(
        "queues/<int:pk>/people/<int:member>/remove/",
        members_views.member_remove,
        name="member-remove",
    ),
    path(
        "queues/<int:pk>/people/<int:member>/pause/",
        members_views.member_pause,
        name="member-pause",
    ),
    path("queues/<int:pk>/comments/", comment_views.queue_comments, name="queue-comments"),
    path(
        "queues/<int:pk>/comments/<int:comment>/resolve/",
        comment_views.comment_resolve,
        name="comment-resolve",
    ),
    path("queues/<int:pk>/disputes/", adjudication_views.dispute_list, name="dispute-list"),
    path(
        "queues/<int:pk>/disputes/<int:item>/",
        adjudication_views.dispute_detail,
        name="dispute-detail",
    ),
    path(
        "queues/<int:pk>/disputes/<int:item>/sign/",
        adjudication_views.dispute_sign,
        name="dispute-sign",
    ),
    path(
        "queues/<int:pk>/disputes/<int:item>/dismiss/",
        adjudication_views.dispute_dismiss,
        name="dispute-dismiss",
    ),
    path("queues/<int:pk>/gold/", gold_views.gold_list, name="gold-list"),
    path("queues/<int:pk>/review/", review_views.queue_review, name="queue-review"),
    path("queues/<int:pk>/reviews/", review_views.review_list, name="review-list"),
    # A review is a person's lease of an item: theirs alone, from the grant to the last revision.
    path("reviews/<int:pk>/", review_views.review, name="review-detail"),
    path("reviews/<int:pk>/draft/", review_views.review_draft, name="review-draft"),
    path("reviews/<int:pk>/renew/", review_views.review_renew, name="review-renew"),
    path("reviews/<int:pk>/leave/", review_views.review_leave, name="review-leave"),
    path("reviews/<int:pk>/ahead/", review_views.review_ahead, name="review-ahead"),
    path("reviews/<int:pk>/comment/", review_views.review_comment, name="review-comment"),
    path("preview/", review_views.preview, name="preview"),
]
