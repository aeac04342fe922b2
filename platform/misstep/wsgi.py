"""The web application: `gunicorn misstep.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "misstep.settings")
application = get_wsgi_application()
# The pages' code now, rather than at the first request of each process.
_ = get_resolver().url_patterns
