"""What a connection of the WebSocket API can be asked of itself: who is logged on, and its user data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from veighna_ext.exchange.server.access import Ed25519Credential, errors
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, optional, whole
from veighna_ext.exchange.server.refusals import Refusal

if TYPE_CHECKING:
    from veighna_ext.exchange.server.ws_api.session import ApiSession


def _session(call: Call) -> ApiSession:
    session = call.caller.session
    assert session is not None, "only the WebSocket API has these operations"
    return session


def _log_on(call: Call) -> dict[str, Any]:
    session = _session(call)
    api_key = call.caller.api_key
    if not isinstance(session.credential(api_key), Ed25519Credential):
        # what traders report who tried with other keys; the documents only say that it is not supported
        raise errors.bad_signature()
    session.log_on(call.account, api_key, call.now)
    return session.status(call.now)


def _status(call: Call) -> dict[str, Any]:
    return _session(call).status(call.now)


def _log_off(call: Call) -> dict[str, Any]:
    session = _session(call)
    session.log_off()
    return session.status(call.now)


def _list_subscriptions(call: Call) -> list[dict[str, int]]:
    return [{"subscriptionId": number} for number in _session(call).subscriptions.numbers]


def _subscribe(call: Call) -> dict[str, int]:
    session = _session(call)
    if session.account is None:
        raise Refusal(-1002, "You are not authorized to execute this request.")
    number = session.subscriptions.begin(session.account, session.api_key, is_of_logon=True)
    return {"subscriptionId": number}


def _subscribe_by_signature(call: Call) -> dict[str, int]:
    number = _session(call).subscriptions.begin(call.account, call.caller.api_key, is_of_logon=False)
    return {"subscriptionId": number}


def _unsubscribe(call: Call) -> dict[str, Any]:
    _session(call).subscriptions.end(call.values["subscriptionId"])
    return {}


OPERATIONS = (
    Operation(_log_on, "session.logon", weight=2, is_signed=True, needs_signature=True),
    Operation(_status, "session.status", weight=2),
    Operation(_log_off, "session.logout", weight=2),
    Operation(_list_subscriptions, "session.subscriptions", weight=2),
    Operation(_subscribe, "userDataStream.subscribe", weight=2),
    Operation(
        _subscribe_by_signature,
        "userDataStream.subscribe.signature",
        weight=2,
        is_signed=True,
        needs_signature=True,
    ),
    Operation(
        _unsubscribe,
        "userDataStream.unsubscribe",
        parameters=Parameters(optional("subscriptionId", whole)),
        weight=2,
    ),
)
