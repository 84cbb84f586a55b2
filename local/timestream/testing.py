"""The stand-in inside a test: a real server on a free port, in a thread of its own. What a query reads."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from local.timestream.query.columns import view_name
from local.timestream.query.dialect import Statement
from local.timestream.query.scans import Scan, TableKey
from local.timestream.query.translate import translate
from local.timestream.serving import listen
from local.timestream.storage.sqlite import Storage


class TimestreamServer:
    """`with TimestreamServer(tmp_path) as server:` then `boto3.client(..., endpoint_url=server.url)`.

    What it stored stays in `data_dir`: a second server over the same directory continues with it.
    """

    def __init__(
        self,
        data_dir: Path,
        now_ns: Callable[[], int] = time.time_ns,
        port: int = 0,
        max_bytes: int | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._now_ns = now_ns
        self._port = port
        self._max_bytes = max_bytes
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="timestream", daemon=True)
        self.url = ""
        """http://127.0.0.1:port"""

    def __enter__(self) -> "TimestreamServer":
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        try:
            storage = Storage(self._data_dir, self._max_bytes)
            async with listen(storage, "127.0.0.1", self._port, self._now_ns) as server:
                self.url = server.address
                self._ready.set()
                await self._stop.wait()
        except Exception as error:
            if self._ready.is_set():
                raise
            self._failure = error
            self._ready.set()


def scans_of(text: str, tables: Iterable[TableKey]) -> list[Scan]:
    """What of these tables a query reads: one scan for each place of it that names one of them.

    Needs no server. Raises ServiceError for what the stand-in refuses.
    """
    views = {key: view_name(number) for number, key in enumerate(tables)}
    return translate(Statement(text), views, time.time_ns()).scans
