"""The settings of a test run: a home of its own, and a handful of lines that differ."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Never the user's own data, whatever MISSTEP_HOME says.
os.environ["MISSTEP_HOME"] = os.environ.get("MISSTEP_TEST_HOME") or str(ROOT / ".misstep" / "test")
# Names this run's database and messages, also for processes that a test starts: two runs at once
# share the servers and nothing else, and so do the processes of one run.
RUN = os.environ.setdefault("MISSTEP_TEST_SESSION", str(os.getpid()))
SESSION = os.environ.get("PYTEST_XDIST_WORKER", "") + f"_{RUN}"

from misstep.settings import *  # noqa: E402, F403
from misstep.settings import (  # noqa: E402
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATABASES,
    INSTALLED_APPS,
    STORAGES,
)

INSTALLED_APPS.append("tests.jobs")  # kinds of job that only tests know

DATABASES["default"]["TEST"] = {"NAME": f"test_misstep{SESSION}"}
# A test's rows need not survive a power cut.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"

CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"test{SESSION}:"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Removed by the process that made it, whatever happens to processes that a test starts and kills.
if "MISSTEP_TEST_DATA" not in os.environ:
    os.environ["MISSTEP_TEST_DATA"] = tempfile.mkdtemp(prefix="misstep-test-")
    atexit.register(shutil.rmtree, os.environ["MISSTEP_TEST_DATA"], ignore_errors=True)
DATA_DIR = Path(os.environ["MISSTEP_TEST_DATA"]) / SESSION
DATA_DIR.mkdir(exist_ok=True)
STORAGES["default"]["OPTIONS"] = {"location": DATA_DIR}
STATIC_ROOT = DATA_DIR
# Without the manifest that `collectstatic` would have to make first.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# Fast, and safe enough for passwords that a test makes up.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
