"""The Celery application: `celery -A misstep worker -Q checker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "misstep.settings")

app = Celery("misstep", task_cls="jobs.task:DatabaseTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
