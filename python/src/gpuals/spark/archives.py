"""What Spark's Python processes know of the archives that their packages come in."""

from __future__ import annotations

import sys
import zipimport


def spare_archives() -> None:
    """Keeps the next task of this Python process from reading its archives anew.

    PySpark has each task forget what the process knows of files (``importlib.invalidate_caches``), whereupon Python 3.10 and newer read the
    thousands of entries of ``pyspark.zip`` at once, 0.1 s for each task. An importer that is not there cannot; Python makes it again, from
    what it still knows, when something is imported.
    """
    for path, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, zipimport.zipimporter):
            del sys.path_importer_cache[path]
