"""Static files named by their content, including the modules that scripts import."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_, _IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Static files whose scripts and imported modules get new names together."""

    support_js_module_import_aggregation = True
    # Our own scripts alone: packages ship some that import what they don't ship.
    _js_module_import_aggregation_patterns = ("js/*.js", _IMPORTS)
