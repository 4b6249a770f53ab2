"""A pipeline that works ahead, on a thread of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextvars import copy_context
from threading import Event, Semaphore, Thread, current_thread

from ._nodes import Node, Pass, Step
from ._structure import Element


class Prefetch(Step):
    """At most `ahead` elements wait to be asked for. The thread ends with the iterator."""

    def __init__(self, before: Node, ahead: int) -> None:
        super().__init__(before)
        self._ahead = ahead

    def elements(self, run: Pass) -> Iterator[Element]:
        from queue import SimpleQueue  # only pipelines that work ahead load it

        ready: SimpleQueue[tuple[Element] | BaseException | None] = SimpleQueue()  # None: the end
        room = Semaphore(self._ahead - 1)
        closed = Event()

        def work() -> None:
            try:
                for element in self.before.elements(run):
                    ready.put((element,))
                    room.acquire()
                    if closed.is_set():
                        return
                ready.put(None)
            except BaseException as error:  # for the thread that asks
                ready.put(error)

        # A daemon, because Python waits for other threads before it drops forgotten iterators at its end.
        thread = Thread(target=copy_context().run, args=(work,), name="samebits-prefetch", daemon=True)
        thread.start()
        try:
            while (item := ready.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                room.release()
                yield item[0]
        finally:
            closed.set()
            room.release()
            if not sys.is_finalizing() and thread is not current_thread():
                thread.join()
