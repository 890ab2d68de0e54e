"""Processes that read the files of a night, on every core, and that a file may end without ending the night.

A process is started when there is something to read and kept for the next time; one that a file has killed is replaced,
and only that file is refused.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

from pipelines.errors import TaizhangError
from pipelines.limits import Limits
from pipelines.settings import CHECKOUT
from pipelines.warehouse import archive
from pipelines.warehouse.scratch import Scratch
from pipelines.warehouse.understood import (
    Reader,
    Said,
    Sent,
    media_of,
    packed,
    refused,
    too_much_memory,
    too_slow,
    unpack,
)

AHEAD = 128  # files that are ordered for each process, so that none waits while the night writes 200 of them
ENOUGH = 10.0  # small files that a process has to do before another is started: starting takes as long as 50
SMALL = 50_000  # bytes of a small file
GRACE = 60.0  # seconds beyond its own alarm until a process that says nothing is killed
TRIES = 3  # times that a process may fail before it has read anything
ALARM = 14


@dataclass
class _Process:
    """One reader: its orders that it has not begun, and the one that it reads."""

    run: subprocess.Popen[bytes]
    log: Path
    waiting: dict[int, float] = field(default_factory=dict)  # with the weight of each
    reading: int | None = None
    ready: bool = False
    heard: bytes = b""

    @property
    def load(self) -> float:
        """How much it has to do, in small files."""
        return sum(self.waiting.values())

    def order(self, line: dict[str, object]) -> None:
        """Sends an order; a process that is gone is noticed where its answers are awaited."""
        assert self.run.stdin is not None
        with suppress(BrokenPipeError):
            os.write(self.run.stdin.fileno(), json.dumps(line).encode() + b"\n")


class Readers:
    """The processes, and the reader (catalog and limits) that they work by."""

    def __init__(self) -> None:
        self.scratch = Scratch("taizhang-read-")
        self.folder = self.scratch.folder
        self.reader: Reader | None = None
        self.catalog = self.folder / "catalog"
        self.processes: list[_Process] = []
        self.wait = selectors.DefaultSelector()
        self.failures = 0
        self.numbers = count()

    def use(self, reader: Reader) -> None:
        """Hands over catalog and limits, once as long as they are the same."""
        before = self.reader
        if before and before.catalog is reader.catalog and before.limits == reader.limits:
            return
        self.reader = reader
        self.catalog.unlink(missing_ok=True)
        self.catalog = self.folder / f"{next(self.numbers)}.catalog"
        self.catalog.write_bytes(packed((reader.catalog, reader.limits)))
        for process in self.processes:
            process.order({"catalog": str(self.catalog)})

    def expect(self, files: int) -> None:
        """Starts as many processes as so many small files will need: they get ready while the files are taken."""
        for _ in range(len(self.processes), min(self.limits.processes, int(files / ENOUGH))):
            self._start()

    @property
    def limits(self) -> Limits:
        """Those of the reader."""
        assert self.reader is not None
        return self.reader.limits

    def read(self, files: Iterable[Sent]) -> Iterator[Said]:
        """What each file says, in the order of the files, which are taken as processes have time.

        Raises:
            TaizhangError: the archive does not hold what was received, or no process can be started.
        """
        source, sent, order, said = iter(files), dict[int, Sent](), deque[int](), dict[int, Said]()
        try:
            while True:
                for file in islice(source, self.limits.processes * AHEAD - len(order)):
                    number = next(self.numbers)
                    sent[number] = file
                    order.append(number)
                    self._give(number, file)
                if not order:
                    return
                while order[0] not in said:
                    self._listen(sent, said)
                number = order.popleft()
                del sent[number]
                yield said.pop(number)
        finally:
            if order:  # given up half-way: nobody wants what is still being read
                self._stop()

    def _give(self, number: int, file: Sent) -> None:
        """Orders a file from the process that has least to do; starts one more where all have enough to do."""
        busy = all(process.load >= ENOUGH for process in self.processes)
        process = self._start() if busy and len(self.processes) < self.limits.processes else None
        process = process or min(self.processes, key=lambda one: one.load)
        process.waiting[number] = _weight(file)
        told = {"archive": str(file.archive), "file_id": file.file_id, "filename": file.filename, "folder": file.folder}
        process.order({"number": number, **told})

    def _start(self) -> _Process:
        log = self.folder / f"{next(self.numbers)}.log"
        with log.open("wb") as errors:
            run = subprocess.Popen(
                [sys.executable, "-m", "pipelines.warehouse.reader_process", str(self.folder)],
                cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, bufsize=0,
            )  # fmt: skip
        process = _Process(run, log)
        self.processes.append(process)
        assert run.stdout is not None
        self.wait.register(run.stdout, selectors.EVENT_READ, process)
        process.order({"catalog": str(self.catalog)})
        return process

    def _listen(self, sent: dict[int, Sent], said: dict[int, Said]) -> None:
        """Waits until some process says something or ends."""
        heard = self.wait.select(self.limits.seconds + GRACE)
        if not heard:
            for process in self.processes:
                process.run.kill()
        for key, _ in heard:
            self._hear(key.data, os.read(key.fd, 1 << 16), sent, said)

    def _hear(self, process: _Process, words: bytes, sent: dict[int, Sent], said: dict[int, Said]) -> None:
        *lines, process.heard = (process.heard + words).split(b"\n")
        for line in lines:
            word, _, number = line.decode().partition(" ")
            if word == "ready":
                process.ready, self.failures = True, 0
            elif word == "begin":
                process.reading = int(number)
            else:
                process.reading = None
                del process.waiting[int(number)]
                said[int(number)] = self._answer(int(number), sent[int(number)])
        if not words:
            self._replace(process, sent, said)

    def _answer(self, number: int, file: Sent) -> Said:
        path = self.folder / f"{number}.said"
        content = path.read_bytes()
        path.unlink()
        if not content:  # the archive: it says here what is wrong with it
            assert self.reader is not None
            return self.reader.read(file)
        return unpack(content)

    def _replace(self, process: _Process, sent: dict[int, Sent], said: dict[int, Said]) -> None:
        """Refuses the file that a process ended over; others read what it had not begun."""
        status = process.run.wait()
        self._forget(process)
        self.failures += not process.ready
        if self.failures >= TRIES:
            self._stop()
            raise _cannot_start(process, status)
        if process.reading is not None:
            file = sent[process.reading]
            why = too_slow(self.limits) if status == -ALARM else too_much_memory(self.limits)
            content = archive.get(file.archive, file.file_id)
            said[process.reading] = Said(len(content), media_of(content), [refused(why)])
        for number in process.waiting.keys() - {process.reading}:
            self._give(number, sent[number])

    def _forget(self, process: _Process) -> None:
        self.processes.remove(process)
        assert process.run.stdout is not None
        self.wait.unregister(process.run.stdout)
        for pipe in (process.run.stdin, process.run.stdout):
            assert pipe is not None
            pipe.close()

    def _stop(self) -> None:
        for process in list(self.processes):
            process.run.kill()
            process.run.wait()
            self._forget(process)

    def close(self) -> None:
        """Ends the processes and removes what they left."""
        self._stop()
        self.wait.close()
        self.scratch.close()


def _weight(file: Sent) -> float:
    """About how long a file takes to read, in small files."""
    try:
        return 1 + (file.archive / file.file_id).stat().st_size / SMALL
    except OSError:
        return 1.0


def _cannot_start(process: _Process, status: int) -> TaizhangError:
    told = process.log.read_text("utf-8", "replace").strip()[-500:] if process.log.exists() else ""
    return TaizhangError(
        f"读取文件的进程启动不了(状态 {status}):{told}",
        f"The process that reads files cannot be started (status {status}): {told}",
        remedy_zh="检查内存是否够用;或在 taizhang.toml 的 [limits] 中写 processes = 0,由夜间任务自己读取。",
        remedy_en="see whether there is enough memory; or write processes = 0 under [limits] in taizhang.toml, and the "
        "night itself reads.",
    )


_kept: list[Readers] = []


def readers_for(reader: Reader) -> Readers:
    """The processes, with this reader's catalog and limits."""
    if not _kept:
        _kept.append(Readers())
    _kept[0].use(reader)
    return _kept[0]


@atexit.register
def close() -> None:
    """Ends all processes."""
    while _kept:
        _kept.pop().close()
