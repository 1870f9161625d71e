"""Whatever is sent, the answer is one the document names: never a failure of the server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.exchange.server.control.outside import TOKEN, serving_synthetic

EXAMPLES = 10
"""Of each call, as documented, and as many wrong on purpose."""
REAL = {"key": "first-key", "symbol": "BTCUSDT"}
"""What paths lead to, so that it is not all about accounts and symbols that are not there."""


@contextmanager
def served() -> Iterator[str]:
    """The control API on a thread of its own; its address."""
    address: list[str] = []
    is_up = threading.Event()
    ending: list[Any] = []

    async def serve() -> None:
        is_over = asyncio.Event()
        ending.extend([asyncio.get_running_loop(), is_over])
        async with serving_synthetic("BTCUSDT") as outside:
            address.append(outside.url)
            is_up.set()
            await is_over.wait()

    thread = threading.Thread(target=asyncio.run, args=[serve()])
    thread.start()
    assert is_up.wait(20)
    try:
        yield address[0]
    finally:
        loop, is_over = ending
        loop.call_soon_threadsafe(is_over.set)
        thread.join()


def test_every_answer_is_one_that_the_document_names() -> None:
    with served() as url:
        schema = schemathesis.openapi.from_url(f"{url}/mock/openapi.json")
        found: Any = schema.get_all_operations()
        calls = [result.ok() for result in found]
        assert len(calls) > 20
        for call in calls:
            fuzz(call, as_documented=True)
            fuzz(call, as_documented=False)


def fuzz(call: Any, *, as_documented: bool) -> None:
    """Send one call in many forms."""
    modes = schemathesis.GenerationMode
    mode = modes.POSITIVE if as_documented else modes.NEGATIVE
    known = schemathesis.checks.CHECKS.get_by_names
    # which assets there are, and what makes sense together, no schema says
    not_promised = known(["positive_data_acceptance"])
    # it counts a body that is too large as not refused
    not_of_large_bodies = [*not_promised, *known(["negative_data_rejection"])]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=call.as_strategy(generation_mode=mode))
    def sent(case: Any) -> None:
        if as_documented and case.method != "DELETE":
            case.path_parameters.update({name: REAL[name] for name in case.path_parameters})
        response = case.call(headers={"Authorization": f"Bearer {TOKEN}"})
        is_too_large = response.status_code == 413
        case.validate_response(
            response, excluded_checks=not_of_large_bodies if is_too_large else not_promised
        )

    sent()
