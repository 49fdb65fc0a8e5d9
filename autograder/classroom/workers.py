"""Who does the grading: this process, processes of this machine, or a Dask cluster. One interface: concurrent.futures."""

from __future__ import annotations

import multiprocessing.connection
import os
import sys
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

from .marking import Task, close_executor, run_task

TRIES = (
    3  # a submission whose worker was lost this often is tried once more by itself, so that no other is blamed for it
)


class WorkersLost(Exception):
    """There is nobody left to do the work; the text says what to do."""


class Here(Executor):
    """This process: for a few submissions, starting others would take longer than the work."""

    def submit(self, function, /, *arguments, **named) -> Future:
        future: Future = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as error:  # noqa: BLE001 - it is the future's, as with any executor
            future.set_exception(error)
        return future


class Engine:
    """Something that grades: `width` submissions at a time, `work` shipped once. A context manager."""

    width = 1
    lost: tuple[type[Exception], ...] = ()  # what a future raises when its worker has died
    together = False  # when one worker is lost, are all futures?

    def __init__(self, work: bytes):
        self.work = work
        self.executor = self._start()

    def _start(self) -> Executor:
        return Here()

    def submit(self, task: Task) -> Future:
        return self.executor.submit(run_task, self.work, task)

    def renew(self) -> None:
        """After a loss: get ready for more."""

    def close(self) -> None:
        self.executor.shutdown(cancel_futures=True)
        close_executor()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_) -> None:
        self.close()


class Processes(Engine):
    """Processes of this machine."""

    lost = (BrokenProcessPool,)
    together = True

    def __init__(self, work: bytes, width: int):
        self.width = width
        super().__init__(work)

    def _start(self) -> Executor:
        # A fork has everything imported, but is safe only where nothing else runs: not inside JupyterLab, nor after a loss.
        quick = sys.platform == "linux" and threading.active_count() == 1
        context = multiprocessing.get_context("fork" if quick else "spawn")
        return ProcessPoolExecutor(self.width, mp_context=context, initializer=_end_with_parent)

    def submit(self, task: Task) -> Future:
        try:
            return super().submit(task)
        except BrokenProcessPool as error:
            future: Future = Future()
            future.set_exception(error)
            return future

    def renew(self) -> None:
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = self._start()


class Dask(Engine):
    """Workers of a Dask cluster: one that runs at `scheduler`, or a local one of `width` processes."""

    def __init__(self, work: bytes, scheduler: str = "", width: int = 2):
        try:
            import distributed
        except ImportError:
            raise WorkersLost(
                "Dask is not installed. Cure: pip install dask distributed, or leave --scheduler and --dask out."
            ) from None
        self.lost = (distributed.KilledWorker, CancelledError)
        self.cluster = None
        if not scheduler:
            self.cluster = distributed.LocalCluster(
                n_workers=width, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
            )
        try:
            self.client = distributed.Client(self.cluster or scheduler, timeout=20, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise WorkersLost(f"There is no Dask scheduler at {scheduler} ({error}).") from None
        self.width = max(1, len(self.client.scheduler_info(n_workers=-1)["workers"])) if scheduler else width
        super().__init__(work)
        self._shipped = work
        self.work = self._ship()

    def _ship(self):
        """The work on every worker, so that it is not lost with one."""
        return self.client.scatter(self._shipped, broadcast=True, hash=False)

    def _start(self) -> Executor:
        return self.client.get_executor(pure=False)

    def renew(self) -> None:
        if self.client.status != "running":
            raise WorkersLost(
                "The connection to the Dask scheduler is lost. What was graded stands: run the same command again to go on."
            )
        self.work = self._ship()  # a worker that takes the lost one's place has none of it

    def close(self) -> None:
        with suppress(Exception):
            self.client.close(timeout=5)
        if self.cluster:
            self.cluster.close(timeout=10)


def _end_with_parent() -> None:
    """A process of a pool does not notice that its parent was killed: nobody would end it, nor what it keeps warm."""

    def watch() -> None:
        multiprocessing.connection.wait([multiprocessing.parent_process().sentinel])
        close_executor()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def graded(engine: Engine, tasks: Iterable[Task]) -> Iterator[tuple[Task, bytes | None, str]]:
    """(task, data, trouble) as they get ready, in any order; data is None for a task that could not be done by any worker."""
    feed, again, alone = iter(tasks), deque(), deque()
    waiting: dict[Future, Task] = {}
    losses: Counter[str] = Counter()

    def next_task() -> Task | None:
        if again:
            return again.popleft()
        task = next(feed, None)
        return alone.popleft() if task is None and not waiting and alone else task

    while True:
        while len(waiting) < 2 * engine.width and not any(losses[task.student] >= TRIES for task in waiting.values()):
            task = next_task()
            if task is None:
                break
            waiting[engine.submit(task)] = task
        if not waiting:
            return
        lost = False
        done = wait(waiting, return_when=FIRST_COMPLETED).done
        if engine.together and any(isinstance(future.exception(), engine.lost) for future in done):
            done = wait(waiting).done
        for future in done:
            task = waiting.pop(future)
            try:
                data, trouble = future.result(), ""
            except engine.lost:
                lost = True
                losses[task.student] += 1
                if losses[task.student] <= TRIES:
                    (alone if losses[task.student] == TRIES else again).append(task)
                    continue
                data, trouble = (
                    None,
                    f"The worker was lost {losses[task.student]} times while it graded this submission.",
                )
            except Exception as error:  # noqa: BLE001 - the worker lives: something else of ours broke
                data, trouble = None, f"{type(error).__name__}: {error}"
            yield task, data, trouble
        if lost:
            engine.renew()
