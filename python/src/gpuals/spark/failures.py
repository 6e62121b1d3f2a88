"""What went wrong on an executor, as the exception that it was there."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from gpuals import errors

_RAISED = re.compile(r"\bgpuals\.errors\.(\w+): (.+)")
_NO_PACKAGE = re.compile(r"ModuleNotFoundError: No module named '(gpuals|numpy|scipy|pyarrow)\b")


def cause_of(text: str) -> errors.GPUALSError | None:
    """The error of gpuals that a report of Spark's tells of, which holds the executor's traceback. ``None``: it tells of another."""
    # The last one: those before it are its causes.
    for name, message in reversed(_RAISED.findall(text)):
        kind = getattr(errors, name, None)
        if isinstance(kind, type) and issubclass(kind, errors.GPUALSError):
            return kind(message.strip())
    if missing := _NO_PACKAGE.search(text):
        return errors.LibraryNotFoundError(
            f"the executors have no Python package {missing[1]}: install gpuals[spark] on every node (docs/emr.md), or send an environment "
            "along with spark-submit --archives"
        )
    return None


@contextlib.contextmanager
def named_failures() -> Iterator[None]:
    """Raises what an executor raised, in place of Spark's report of a failed job, which stays its cause.

    Raises:
        GPUALSError: a task failed with it.
    """
    try:
        yield
    except Exception as error:
        # Py4JJavaError from jobs of RDDs, PySparkException from queries; their classes move between versions.
        is_spark = type(error).__module__.split(".")[0] in ("py4j", "pyspark")
        cause = cause_of(str(error)) if is_spark else None
        if cause is None:
            raise
        raise cause from error
