"""How the pages' files are named: by their content, the modules that scripts import included."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_, _IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """A script and the modules it imports change together: no browser mixes two versions."""

    support_js_module_import_aggregation = True
    # Our own scripts alone: packages ship some that import what they don't ship.
    _js_module_import_aggregation_patterns = ("js/*.js", _IMPORTS)
