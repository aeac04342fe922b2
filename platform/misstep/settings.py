"""Settings, read from top to bottom. What differs between machines comes from the environment."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
import django_htmx
from django.core.exceptions import ImproperlyConfigured

from misstep.local import addresses

ROOT = Path(__file__).resolve().parent.parent.parent


def env_bool(name: str, default: bool) -> bool:
    """Return a yes or no from the environment; raise ImproperlyConfigured for any other word."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ImproperlyConfigured(f"{name} is {value!r}; use yes or no.")
    return default


def env_list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


# --- Where things live ---------------------------------------------------------------------------

HOME = addresses.home()
# Uploads and exports. The web process and the data workers must see the same folder.
DATA_DIR = Path(os.environ.get("MISSTEP_DATA_DIR") or HOME / "data")
# Leads may import files of the server from below this folder by path; unset means by upload only.
IMPORT_ROOT = os.environ.get("MISSTEP_IMPORT_ROOT", "")
# Two more are read by the workers' backends themselves, which know no Django. MISSTEP_ENDPOINTS
# names the hosts of one's own network that critics may be asked at: a scorer's endpoint is a user's
# word, and other machines trust a worker's host (inference/backends/endpoints.py).
# MISSTEP_KEY_... hold the keys of endpoints: a recipe names the variable, never the key.

# Exports may go to a bucket of any S3-compatible store. Credentials are boto3's own: AWS_* and the
# files it looks for; the endpoint is unset for Amazon's.
EXPORT_S3_BUCKET = os.environ.get("MISSTEP_S3_BUCKET", "")
EXPORT_S3_PREFIX = os.environ.get("MISSTEP_S3_PREFIX", "misstep")
EXPORT_S3_ENDPOINT = os.environ.get("MISSTEP_S3_ENDPOINT", "")
# The Hugging Face Hub takes exports where a token is given.
HUB_TOKEN = os.environ.get("HF_TOKEN", "")
HUB_ENDPOINT = os.environ.get("HF_ENDPOINT") or None

# --- Safety --------------------------------------------------------------------------------------

DEBUG = env_bool("MISSTEP_DEBUG", False)
# Unset, a key of this machine's own is made on the first start and kept in the home folder.
SECRET_KEY = os.environ.get("MISSTEP_SECRET_KEY") or addresses.secret_key()
ALLOWED_HOSTS = env_list("MISSTEP_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("MISSTEP_ORIGINS", "")
# Behind HTTPS: cookies only over it. A proxy must set X-Forwarded-Proto and drop the client's own.
HTTPS = env_bool("MISSTEP_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
# Ten wrong passwords for a name from one address, and neither gets in by password for a quarter of
# an hour; a login link and the provider below still do. Behind a proxy all addresses are the
# proxy's, and the brake is by name alone.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/too_many_passwords.html"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# People may log in at a provider that speaks OpenID Connect (Keycloak, Google, Okta, Authentik),
# which then asks for a second factor where the team wants one. It is told to send them back to
# /sign-on/return/. Who has a verified address of these domains becomes an annotator; anybody else
# must be called by their address here.
OIDC_SERVER = os.environ.get("MISSTEP_OIDC_SERVER", "")
OIDC_CLIENT = os.environ.get("MISSTEP_OIDC_CLIENT", "")
OIDC_SECRET = os.environ.get("MISSTEP_OIDC_SECRET", "")
OIDC_NAME = os.environ.get("MISSTEP_OIDC_NAME") or "single sign-on"
OIDC_DOMAINS = [domain.lower() for domain in env_list("MISSTEP_OIDC_DOMAINS", "")]
if OIDC_SERVER and not OIDC_CLIENT:
    raise ImproperlyConfigured(
        "MISSTEP_OIDC_SERVER needs MISSTEP_OIDC_CLIENT, the client ID at the provider."
    )
# A trace of 60,000 characters with a correction passes; a flood does not.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
# Uploads go to a file at once: a gigabyte must not pass through memory.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# --- The application -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "axes",
    "pgtrigger",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "misstep",
    "accounts",
    "jobs",
    "traces",
    "inference",
    "annotations",
    "metrics",
    "exports",
    "training",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "misstep.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page asks for a login unless its view says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "misstep.middleware.htmx_session.ExpiredSessionMiddleware",
    "misstep.middleware.method_not_allowed.WrongMethodMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "misstep.urls"
WSGI_APPLICATION = "misstep.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
TIME_ZONE = os.environ.get("MISSTEP_TIME_ZONE", "UTC")
USE_TZ = True

# --- PostgreSQL ----------------------------------------------------------------------------------

DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        addresses.database_url(),
        conn_max_age=60,
        conn_health_checks=True,  # the database may have restarted between two requests
    )
}

# --- Files of the pages --------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("MISSTEP_STATIC_DIR") or HOME / "static")
# htmx comes out of its package, as django-htmx ships it.
STATICFILES_DIRS: list[Any] = [ROOT / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR},
    },
    "staticfiles": {"BACKEND": "misstep.static_storage.ModuleStorage"},
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "metrics.charts.vega.VegaFinder",  # Vega, written out of vl-convert
]
assert django_htmx  # named so that a missing package fails here and not on a page

# --- Celery --------------------------------------------------------------------------------------

CELERY_BROKER_URL = addresses.broker_url()
# The row is the truth; nobody reads results from the broker.
CELERY_TASK_IGNORE_RESULT = True
# Messages hold ids and nothing that could run on being read.
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# A worker that dies gives its task back; every task can run twice.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# Shards take long and uneven times: nobody holds one that another could start.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Longer than the longest task: before that, Redis would hand a running task to a second worker.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 6 * 3600}
CELERY_TASK_TIME_LIMIT = 5 * 3600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that restarts must not cost work: the task goes on, since its row and not the message
# says that it runs, and the message that comes a second time finds nothing to do.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_DEFAULT_QUEUE = "web"
CELERY_TASK_ROUTES = {
    "traces.run_import": {"queue": "data"},
    "inference.derive_verdicts": {"queue": "data"},
    "traces.relate_problems": {"queue": "data"},
    "traces.remove_forgotten_uploads": {"queue": "data"},
    "metrics.update_summaries": {"queue": "data"},
    "metrics.refresh_report": {"queue": "data"},
    "exports.write_export": {"queue": "data"},
    "exports.push_export": {"queue": "data"},
    "training.train": {"queue": "training"},
    # These go through all items of a queue.
    "annotations.reorder_open_queues": {"queue": "data"},
    "annotations.run_queue_job": {"queue": "data"},
    # Messages about shards name their queue when sent: it is the scorer's.
}
CELERY_BEAT_SCHEDULE = {
    # Every kind of job: silent ones, and queued ones whose message was lost. Resending comes after
    # half a minute's grace, so that a job waits a minute at most.
    "reap-jobs": {"task": "jobs.reap", "schedule": 30.0},
    "forget-gone-workers": {"task": "inference.forget_gone_workers", "schedule": 3600.0},
    "update-summaries": {"task": "metrics.update_summaries", "schedule": 30.0},
    "remove-forgotten-uploads": {"task": "traces.remove_forgotten_uploads", "schedule": 3600.0},
    "relate-problems": {"task": "traces.relate_problems", "schedule": 600.0},
    "start-due-schedules": {"task": "inference.start_due_schedules", "schedule": 60.0},
    "expire-leases": {"task": "annotations.expire_leases", "schedule": 60.0},
    "reorder-open-queues": {"task": "annotations.reorder_open_queues", "schedule": 600.0},
}

# --- Caches, messages ----------------------------------------------------------------------------

CACHES = {
    "default": {
        "BACKEND": "misstep.redis_cache.ForgivingRedisCache",
        "LOCATION": addresses.cache_url(),
        # Seconds that a page waits for Redis: to connect, and for an answer.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # httpx writes a line for every request, and a critic makes one a trace; axes for every login.
    "loggers": {"httpx": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MISSTEP_LOG_LEVEL", "INFO")},
}
