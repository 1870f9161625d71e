"""The references for `exchange_net.py` and `server_stacks.py`: an echo and an empty handler, nothing else."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop

BODY = b"{}"


async def with_aiohttp(port: int) -> None:
    """aiohttp's low-level server, the exchange's own stack; frames go out as the exchange sends them."""
    from aiohttp import WSMsgType, web

    from veighna_ext.exchange.server import frames

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path != "/ws":
            await request.read()
            return web.Response(body=BODY, headers={"Content-Type": "application/json"})
        socket = web.WebSocketResponse(autoping=False, compress=False, decode_text=False)
        await socket.prepare(request)
        transport = request.transport
        assert transport is not None
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                transport.write(frames.text(message.data))
        return socket

    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()


async def with_picows(port: int) -> None:
    """picows: WebSockets only."""
    from picows import WSListener, WSMsgType, ws_create_server

    class Echo(WSListener):
        def on_ws_frame(self, transport: Any, frame: Any) -> None:
            if frame.msg_type == WSMsgType.TEXT:
                transport.send(WSMsgType.TEXT, frame.get_payload_as_bytes())

    await ws_create_server(lambda _: Echo(), "127.0.0.1", port)


async def with_httptools(port: int) -> None:
    """The parser of uvicorn under a protocol of some lines: HTTP only."""
    import httptools

    class Empty(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport
            self.parser = httptools.HttpRequestParser(self)

        def data_received(self, data: bytes) -> None:
            self.parser.feed_data(data)

        def on_message_complete(self) -> None:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
            self.transport.write(head + BODY)  # type: ignore[attr-defined]

    await asyncio.get_running_loop().create_server(Empty, "127.0.0.1", port)


async def with_websockets(port: int) -> None:
    """websockets: WebSockets only."""
    from websockets.asyncio.server import ServerConnection, serve

    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message, text=True)

    await serve(echo, "127.0.0.1", port, compression=None)


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """An echo and an empty handler without a framework, for uvicorn and granian."""
    if scope["type"] == "lifespan":
        while True:
            event = (await receive())["type"]
            await send({"type": event + ".complete"})
            if event == "lifespan.shutdown":
                return
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            await send({"type": "websocket.send", "text": event["text"]})
    await receive()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


async def with_starlette(port: int) -> None:
    """Starlette on uvicorn with httptools and the faster of its WebSocket parts."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route, WebSocketRoute

    async def empty(_: Any) -> Response:
        return Response(BODY, media_type="application/json")

    async def echo(socket: Any) -> None:
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_text(text)

    empty_route = Route("/{path:path}", empty, methods=["GET", "POST"])
    app = Starlette(routes=[WebSocketRoute("/ws", echo), empty_route])
    await _uvicorn(uvicorn, app, port)


async def with_uvicorn(port: int) -> None:
    """uvicorn with httptools and no framework."""
    import uvicorn

    await _uvicorn(uvicorn, asgi, port)


async def _uvicorn(uvicorn: Any, app: Any, port: int) -> None:
    config = uvicorn.Config(
        app, "127.0.0.1", port, http="httptools", ws="websockets-sansio", access_log=False, log_level="error"
    )
    await uvicorn.Server(config).serve()


def granian(port: int) -> None:
    """granian: Rust outside, one Python thread inside."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "net_servers:asgi", "127.0.0.1", port, interface=Interfaces.ASGI, workers=1, log_enabled=False
    ).serve()


SERVERS: dict[str, Callable[[int], Coroutine[Any, Any, None]]] = {
    "aiohttp": with_aiohttp,
    "picows": with_picows,
    "httptools": with_httptools,
    "websockets": with_websockets,
    "uvicorn": with_uvicorn,
    "starlette": with_starlette,
}


async def _forever(name: str, port: int) -> None:
    await SERVERS[name](port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[1] == "granian":
        granian(int(sys.argv[2]))
    else:
        uvloop.run(_forever(sys.argv[1], int(sys.argv[2])))
