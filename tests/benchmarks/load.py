"""Many learners at once: each sends its requests one after the other, over connections that stay open."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Load:
    """How long all of it took, and every request by itself; statuses other than those expected."""

    seconds: float
    latencies: list[float]
    refused: list[int]


def get(path: str, port: int, token: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: kyozai={token}\r\n\r\n".encode()


def post(path: str, port: int, token: str, form: dict[str, str]) -> bytes:
    body = urlencode(form)
    return (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: kyozai={token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def send(port: int, learners: Sequence[Sequence[bytes]], *, connections: int, expected: int) -> Load:
    """In a thread of its own: the caller's may be another loop's."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(_send(port, learners, connections, expected))).result()


async def _send(port: int, learners: Sequence[Sequence[bytes]], connections: int, expected: int) -> Load:
    waiting, latencies, refused = list(reversed(learners)), [], []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        while waiting:
            for request in waiting.pop():
                start = time.perf_counter()
                writer.write(request)
                status = await _status(reader)
                latencies.append(time.perf_counter() - start)
                if status != expected:
                    refused.append(status)
        writer.close()
        await writer.wait_closed()

    start = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(connections)))
    return Load(time.perf_counter() - start, latencies, refused)


async def _status(reader: asyncio.StreamReader) -> int:
    """Of the next response, whose body is read and forgotten."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))
    return int(head[9:12])
