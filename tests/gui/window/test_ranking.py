"""Finding a thing by a few of its letters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from veighna_ext.window.ranking import Entry, matches, rank

LETTERS = st.text(alphabet="abcdABCD 12_.连接行情", max_size=12)
ENTRIES = st.lists(st.builds(Entry, LETTERS, LETTERS, keywords=LETTERS), max_size=30)


def titles(query: str, *names: str) -> list[str]:
    return [entry.title for entry in rank(query, [Entry(name) for name in names])]


@given(LETTERS, ENTRIES)
def test_exactly_the_matching_entries_are_found(query: str, entries: list[Entry]) -> None:
    found = rank(query, entries, limit=len(entries))
    expected = [entry for entry in entries if matches(query, entry)]
    assert sorted(map(id, found)) == sorted(map(id, expected))


@given(LETTERS, ENTRIES, st.integers(0, 10))
def test_fewer_wanted_are_the_first_of_more(query: str, entries: list[Entry], limit: int) -> None:
    assert rank(query, entries, limit=limit) == rank(query, entries, limit=len(entries))[:limit]


@given(LETTERS, ENTRIES)
def test_case_does_not_matter(query: str, entries: list[Entry]) -> None:
    assert rank(query.upper(), entries) == rank(query.lower(), entries)


@given(st.lists(LETTERS, max_size=10))
def test_without_a_query_the_given_order_is_kept(names: list[str]) -> None:
    assert titles("  ", *names) == names


@given(ENTRIES, st.data())
def test_the_whole_title_comes_first(entries: list[Entry], data: st.DataObject) -> None:
    wanted = [entry for entry in entries if entry.title and " " not in entry.title]
    if wanted:
        entry = data.draw(st.sampled_from(wanted))
        assert rank(entry.title, entries)[0].title.casefold() == entry.title.casefold()


def test_beginnings_of_words_beat_letters_inside_them() -> None:
    assert titles("ds", "Reads words", "Desktop settings")[0] == "Desktop settings"
    assert titles("btc", "MTKBTC.GLOBAL", "BTCUSDT_SPOT.GLOBAL", "BNB_TO_CASH")[0] == "BTCUSDT_SPOT.GLOBAL"


def test_letters_together_beat_letters_apart() -> None:
    assert titles("eth", "Reset the chart", "Resume ethics", "stETH")[-1] == "Reset the chart"


def test_the_title_counts_more_than_where_it_lives() -> None:
    found = rank("chart", [Entry("Reset layout", "Charts"), Entry("Open chart", "View")])
    assert found[0].title == "Open chart"


def test_every_word_must_be_there_in_any_order() -> None:
    assert titles("spot btc", "BTCUSDT_SPOT", "BTCUSDT_SWAP", "ETHUSDT_SPOT") == ["BTCUSDT_SPOT"]


def test_chinese_is_found_as_written() -> None:
    assert titles("回测", "CTA策略", "CTA回测") == ["CTA回测"]
    assert titles("cta回", "CTA策略", "CTA回测") == ["CTA回测"]


def test_recent_choices_come_first_without_a_query_and_win_close_races_with_one() -> None:
    first, second = Entry("Open chart"), Entry("Open order")
    assert rank("", [first, second], recent=[second.key]) == [second, first]
    assert rank("open", [first, second], recent=[second.key]) == [second, first]
    assert rank("open chart", [first, second], recent=[second.key]) == [first]
