"""The public part of REST as an OpenAPI document, and a stranger's tool that tries to prove it wrong."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.exchange.server.fuzz.settings import NIGHTLY
from tests.exchange.server.fuzz.test_parameters import FITTING
from tests.exchange.server.process import Server
from tests.exchange.server.shapes.envelopes import Error
from tests.exchange.server.shapes.registry import answers_to
from veighna_ext.exchange.server.catalogue import OPERATIONS
from veighna_ext.exchange.server.operations import Operation

schemathesis = pytest.importorskip("schemathesis")

EXAMPLES = 200 if NIGHTLY else 5
WHOLE = ("limit", "fromId", "startTime", "endTime")
PUBLIC = [each for each in OPERATIONS if each.path.startswith("/api/") and not each.is_signed]


def schema(operation: Operation) -> dict[str, Any]:
    """What the answers to an operation look like: in one of its forms, or as a refusal."""
    answers = answers_to(operation)
    assert answers is not None
    (*forms, error), components = msgspec.json.schema_components(
        [*answers.forms, Error], ref_template="#/components/schemas/{name}"
    )
    content = _without_places({"200": {"anyOf": forms}, "4XX": error})
    return {
        "components": _without_places(components),
        "responses": {
            status: {"description": "", "content": {"application/json": {"schema": each}}}
            for status, each in content.items()
        },
    }


def _without_places(schema: Any) -> Any:
    """A schema that says of a tuple only how many places it has: tools disagree on how to say more."""
    if isinstance(schema, list):
        return [_without_places(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inside = {name: _without_places(each) for name, each in schema.items() if name != "prefixItems"}
    if "prefixItems" in schema:
        inside["items"] = {"type": ["string", "integer"]}
    return inside


def parameter(name: str, *, mandatory: bool) -> dict[str, Any]:
    """A parameter as far as the documents describe it."""
    form: dict[str, Any] = {"type": "string"}
    if name in WHOLE:
        form = {"type": "integer", "minimum": 0}
    elif name in FITTING:
        form = {"type": "string", "enum": FITTING[name]}
    return {"name": name, "in": "query", "required": mandatory, "schema": form}


def document() -> dict[str, Any]:
    """Everything public."""
    paths: dict[str, Any] = {}
    components: dict[str, Any] = {}
    for operation in PUBLIC:
        found = schema(operation)
        components |= found["components"]
        paths.setdefault(operation.path, {})[operation.verb.lower()] = {
            "parameters": [
                parameter(each.name, mandatory=each.mandatory) for each in operation.parameters.all
            ],
            "responses": found["responses"],
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "public", "version": "3"},
        "paths": paths,
        "components": {"schemas": components},
    }


@pytest.mark.parametrize(
    ("operation", "as_documented"),
    [(each, is_right) for each in PUBLIC for is_right in (True, False) if is_right or each.parameters.all],
    ids=lambda each: each.path if isinstance(each, Operation) else "right" if each else "wrong",
)
def test_every_answer_is_as_the_document_says(
    operation: Operation, as_documented: bool, fuzzed: Server
) -> None:
    whole = schemathesis.openapi.from_dict(document())
    call = whole[operation.path][operation.verb]
    modes = schemathesis.GenerationMode
    mode = modes.POSITIVE if as_documented else modes.NEGATIVE
    # a symbol may be unknown, and values may not go together; numbers come as text anyway
    not_promised = schemathesis.checks.CHECKS.get_by_names(
        ["positive_data_acceptance", "negative_data_rejection"]
    )
    statuses: set[int] = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=not NIGHTLY,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=call.as_strategy(generation_mode=mode))
    def sent(case: Any) -> None:
        response = case.call(base_url=fuzzed.ready.rest)
        case.validate_response(response, excluded_checks=not_promised)
        statuses.add(response.status_code)

    sent()
    assert statuses <= {200, 400, 404, 405}
