"""Run the tasks of an import in several processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from eligo.errors import EngineError

Given = TypeVar("Given")
Result = TypeVar("Result")


class Workers:
    """Processes that are started when there is more than one thing to do.

    Attributes:
        jobs: How many.
    """

    def __init__(self, jobs: int | None = None) -> None:
        self.jobs = jobs or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None

    def run(
        self, work: Callable[[Given], Result], items: Iterable[Given]
    ) -> Iterator[tuple[Given, Result]]:
        """Yield each item with what the work on it gives, as it is done.

        Raises:
            EngineError: A process was killed, or the work failed.
        """
        every = list(items)
        if self.jobs == 1 or len(every) < 2:
            for item in every:
                yield item, work(item)
            return
        pool = self._started()
        waiting = {pool.submit(work, item): item for item in every}
        try:
            for future in as_completed(waiting):
                yield waiting.pop(future), future.result()
        except BrokenProcessPool as error:
            raise EngineError(
                "a process of the import was killed, perhaps as memory ran out; give the same "
                "command again, with fewer --jobs: what is done is kept"
            ) from error
        finally:
            for future in waiting:
                future.cancel()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["eligo.store.reading", "eligo.store.part"])
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=context)
        return self._pool

    def close(self) -> None:
        """Let the processes end."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
