"""The web application: `gunicorn misstep.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "misstep.settings")
application = get_wsgi_application()
