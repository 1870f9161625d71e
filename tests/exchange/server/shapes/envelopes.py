"""What stands around results: the WebSocket API's answers, errors, answers of market streams."""

# the fields have the names that Binance gave them
# ruff: noqa: N815

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from tests.exchange.server.shapes.account import LimitUse
from tests.exchange.server.shapes.values import Model, Moment, Number, Text, check, is_there

MessageId: TypeAlias = int | Annotated[str, Meta(max_length=36)] | None
ErrorCode: TypeAlias = Annotated[int, Meta(lt=0)]


class Answered(Model):
    """The WebSocket API's answer to a request that was carried out."""

    id: MessageId
    status: Literal[200]
    result: msgspec.Raw
    rateLimits: list[LimitUse] | UnsetType = UNSET


class Waiting(Model):
    """When one who is over a limit may come back."""

    serverTime: Moment
    retryAfter: Moment


class Error(Model):
    """A refusal, of REST as of the WebSocket API; what comes with some of them their own models read."""

    code: ErrorCode
    msg: Text
    data: msgspec.Raw | UnsetType = UNSET

    def __post_init__(self) -> None:
        check(
            not is_there(self.data) or self.code in (-1003, -1015, -2021, -2022),
            "only some errors bring more",
        )


class Refused(Model):
    """The WebSocket API's answer to a request that was not."""

    id: MessageId
    status: Annotated[int, Meta(ge=400, lt=600)]
    error: Error
    rateLimits: list[LimitUse] | UnsetType = UNSET


class Event(Model):
    """A user data event of the WebSocket API."""

    event: msgspec.Raw
    subscriptionId: Number | UnsetType = UNSET


class Combined(Model):
    """A market event with the name of its stream."""

    stream: Text
    data: msgspec.Raw


class StreamAnswer(Model):
    """The answer to a message on a connection of market streams."""

    result: bool | list[Text] | None
    id: MessageId


class StreamError(Model):
    """Why a message about market streams was not followed: bare as documented, and as on the wire."""

    code: Annotated[int, Meta(ge=0, le=4)]
    msg: Text
    error: dict[str, Any]
    id: MessageId | UnsetType = UNSET

    def __post_init__(self) -> None:
        check(self.error == {"code": self.code, "msg": self.msg}, "both say the same")
