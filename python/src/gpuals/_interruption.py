"""Ctrl-C while the library computes."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Interruption:
    """A context manager in which Ctrl-C asks for the end, instead of being raised wherever Python happens to be: inside a function that
    the library calls, an exception would be lost. The second Ctrl-C is raised at once.

    What the program does about Ctrl-C it still does: what its handler raises is kept, and a handler that raises nothing ends nothing. In
    other threads than the main one, which get no signals, nothing is changed.
    """

    def __init__(self) -> None:
        #: What Ctrl-C raises, once it is time to.
        self.raised: BaseException | None = None
        self._handler: Any = None

    @property
    def is_requested(self) -> bool:
        """Whether the end has been asked for."""
        return self.raised is not None

    def __enter__(self) -> Interruption:
        handler = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is threading.main_thread() and callable(handler):
            self._handler = handler
            signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        is_second = self.is_requested
        try:
            self._handler(number, frame)
        except BaseException as error:
            if is_second:
                raise
            self.raised = error
