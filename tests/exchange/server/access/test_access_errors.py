"""A key that lets nobody in is refused with Binance's code for what is wrong with it."""

from __future__ import annotations

import pytest

from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.access import errors, new_api_key

BAD_FORMAT = Refused(-2014, "API-key format invalid.")
REJECTED = Refused(-2015, "Invalid API-key, IP, or permissions for action.")


@pytest.mark.parametrize(
    "sent", ["", "<api key>", '"quoted"', "a" * 63, "a" * 65, "a" * 63 + "-", "a" * 64 + "\n"]
)
def test_what_cannot_be_a_key_is_refused_by_its_form(sent: str) -> None:
    assert errors.unknown_key(sent) == BAD_FORMAT == errors.bad_key_format()


def test_a_key_that_could_exist_and_does_not_is_rejected_like_one_without_permission() -> None:
    assert errors.unknown_key(new_api_key()) == REJECTED == errors.may_not()


def test_the_wallet_endpoints_have_a_code_of_their_own() -> None:
    assert errors.unknown_wallet_key() == Refused(-2008, "Invalid Api-Key ID.")


def test_a_wrong_signature_has_binances_code() -> None:
    assert errors.bad_signature() == Refused(-1022, "Signature for this request is not valid.")
