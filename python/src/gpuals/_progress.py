"""How far a training is: a bar of tqdm where that is installed, else a line to the log for each iteration."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Any

log = logging.getLogger("gpuals")


class TrainingProgress:
    """Shows iterations as they end. A context manager; ``is_shown=False`` shows nothing."""

    def __init__(self, iterations: int, *, is_shown: bool) -> None:
        self._iterations = iterations
        self._bar: Any | None = None
        self._logs = False
        if is_shown:
            try:
                from tqdm.auto import tqdm
            except ImportError:
                self._logs = True
            else:
                self._bar = tqdm(total=iterations)

    def update(self, iteration: int, loss: float | None) -> None:
        """An iteration, counted from 1, has ended."""
        if self._bar is not None:
            if loss is not None:
                self._bar.set_postfix({"loss": loss}, refresh=False)
            self._bar.update(1)
        elif self._logs:
            log.info("iteration %d/%d%s", iteration, self._iterations, "" if loss is None else f", loss {loss:.6g}")

    def __enter__(self) -> TrainingProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
