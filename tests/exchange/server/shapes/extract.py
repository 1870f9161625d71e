"""
What Binance's documents show of each answer: names and kinds of its fields, without the samples' values.

`python -m tests.exchange.server.shapes.extract FOLDER` reads a copy of the documents and writes them anew.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("documents.json")
Shape = Any
"""Of an object the shapes of its fields, of an array those of its elements, else its kind in a word."""

_HEADING = re.compile(r"^#{2,6} (.+)$")
_FENCE = re.compile(r"^\s*```(\w*)\s*$")
_ENDPOINT = re.compile(r"^(GET|POST|PUT|DELETE) (/api/v3/\S+)\s*$", re.MULTILINE)
_STREAM = re.compile(r"^\*\*Stream Names?:?\*\*:?\s*(.+)$", re.MULTILINE)
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING = re.compile(r",(\s*[}\]])")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def shape(value: Any) -> Shape:
    """The shape of a sample."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return _distinct([shape(each) for each in value])
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        return "number"
    if isinstance(value, str):
        return "decimal" if _DECIMAL.fullmatch(value) else "text"
    return "nothing"


def _distinct(shapes: list[Shape]) -> list[Shape]:
    """Objects once each; plain values all of them, as their places may mean something."""
    found: list[Shape] = []
    for each in shapes:
        if not isinstance(each, dict | list) or each not in found:
            found.append(each)
    return found


def sections(text: str) -> Iterator[tuple[str, str, list[Any]]]:
    """Each section's heading, text and samples."""
    heading: str = ""
    lines: list[str] = []
    samples: list[Any] = []
    block: list[str] | None = None
    for line in text.splitlines():
        if block is None and (found := _HEADING.match(line)):
            yield heading, "\n".join(lines), samples
            heading, lines, samples = found[1], [], []
        elif fence := _FENCE.match(line):
            if block is None:
                block = [] if fence[1] in ("javascript", "json") else None
                if block is None and not fence[1]:
                    continue
            else:
                samples += _parsed("\n".join(block))
                block = None
        elif block is not None:
            block.append(line)
        else:
            lines.append(line)
    yield heading, "\n".join(lines), samples


def _parsed(block: str) -> list[Any]:
    plain = _TRAILING.sub(r"\1", _COMMENT.sub(lambda found: found[1] or "", block))
    try:
        return [json.loads(plain)]
    except json.JSONDecodeError:
        return []


def filters(text: str) -> dict[str, list[Shape]]:
    """By its type, the shape of each filter."""
    found: dict[str, list[Shape]] = {}
    for _, _, samples in sections(text):
        for sample in samples:
            if "filterType" in sample:
                _add(found, sample["filterType"], sample)
    return found


def prevented(text: str) -> dict[str, list[Shape]]:
    """Orders that self-trade prevention ended, as answers to those who place them and to those who ask."""
    found: dict[str, list[Shape]] = {}
    for _, _, samples in sections(text):
        for sample in samples:
            if isinstance(sample, dict) and "orderId" in sample:
                _add(found, "placed" if "transactTime" in sample else "queried", sample)
    return found


def _add(found: dict[str, list[Shape]], name: str, sample: Any) -> None:
    of_name = found.setdefault(name, [])
    if (one := shape(sample)) not in of_name:
        of_name.append(one)


def rest(text: str) -> dict[str, list[Shape]]:
    """By verb and path, the shapes of answers; refusals are among them."""
    found: dict[str, list[Shape]] = {}
    for _, body, samples in sections(text):
        for verb, path in _ENDPOINT.findall(body):
            for sample in samples:
                _add(found, f"{verb} {path}", sample)
    return found


def ws_api(text: str) -> tuple[dict[str, list[Shape]], dict[str, list[Shape]]]:
    """By method, the shapes of results; and the shapes of whole answers and of errors."""
    results: dict[str, list[Shape]] = {}
    whole: dict[str, list[Shape]] = {}
    for _, _, samples in sections(text):
        method = ""
        for sample in samples:
            if not isinstance(sample, dict):
                continue
            method = sample.get("method", method)
            if "status" in sample:
                if "result" in sample and method:
                    _add(results, method, sample["result"])
                told = {name: each for name, each in sample.items() if name != "result"}
                _add(whole, "answered" if "error" not in sample else "refused", told)
    return results, whole


def streams(text: str) -> dict[str, list[Shape]]:
    """By the name of the stream, the shapes of its payloads."""
    found: dict[str, list[Shape]] = {}
    for heading, body, samples in sections(text):
        for names in _STREAM.findall(body):
            for name in names.replace("\\", "").replace("`", "").split(" OR "):
                for sample in samples:
                    _add(found, name.strip(), sample)
        if heading == "Server Shutdown":
            for sample in samples:
                _add(found, "!serverShutdown", sample.get("data", sample))
    return found


def events(text: str) -> dict[str, list[Shape]]:
    """By the name of the event, the shapes of user data."""
    found: dict[str, list[Shape]] = {}
    for _, _, samples in sections(text):
        for sample in samples:
            if "event" in sample:
                _add(found, sample["event"]["e"], sample["event"])
    return found


def conditional_fields(text: str, heading: str) -> list[str]:
    """The names in a table of fields that are not always there."""
    table = text.partition(heading)[2].partition("\n#")[0]
    return re.findall(r"^`(\w+)`\s*\|", table, re.MULTILINE) or re.findall(
        r"<td><code>(\w+)</code></td>", table
    )


def extract(folder: Path) -> dict[str, Any]:
    """Everything the documents in a folder show."""

    def read(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    results, whole = ws_api(read("web-socket-api.md"))
    user_data = read("user-data-stream.md")
    stp = read("faqs/stp_faq.md")
    return {
        "rest": rest(read("rest-api.md")),
        "ws_api": results,
        "ws_api_answers": whole,
        "streams": streams(read("web-socket-streams.md")),
        "events": events(user_data),
        "filters": filters(read("filters.md")),
        "prevented": prevented(stp),
        "conditional": {
            "order": conditional_fields(read("rest-api.md"), "**Conditional fields in Order Responses**"),
            "executionReport": conditional_fields(user_data, "#### Conditional Fields in Execution Report\n"),
        },
    }


def main() -> None:
    """Write the file of the facts anew."""
    facts = extract(Path(sys.argv[1]))
    FILE.write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
