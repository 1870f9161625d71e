"""Faults meet the requests they are drawn for, and the same ones again."""

from __future__ import annotations

import pytest

from veighna_ext.exchange.faults import (
    EVERYBODY,
    OVERLOADED,
    REJECTED,
    SPARED,
    TOO_MANY_REQUESTS,
    UNKNOWN_OUTCOME,
    BadFaults,
    FaultPlan,
    Faults,
)


def fates(plan: FaultPlan, requests: int = 2000, account: int = 1) -> list[object]:
    """What happens to an account's orders, one after the other."""
    return [plan.fate(account, is_order=True) for _ in range(requests)]


def test_without_faults_every_request_is_spared() -> None:
    assert set(fates(FaultPlan(7), 10)) == {SPARED}


def test_the_same_seed_meets_the_same_requests_again() -> None:
    faults = Faults(latency_ms=(5, 50), reject_rate=0.1, error_rate=0.1)
    first, again, other = FaultPlan(7), FaultPlan(7), FaultPlan(8)
    for plan in (first, again, other):
        plan.set(faults)
    expected = fates(first)
    assert fates(again) == expected
    assert fates(other) != expected


def test_rates_are_what_they_say() -> None:
    plan = FaultPlan(1)
    plan.set(Faults(reject_rate=0.25))
    refused = [fate for fate in (plan.fate(1, is_order=True) for _ in range(4000)) if fate.refusal]
    assert 900 < len(refused) < 1100
    assert {fate.refusal for fate in refused} == {REJECTED}


def test_only_orders_are_rejected() -> None:
    plan = FaultPlan(1)
    plan.set(Faults(reject_rate=1))
    assert plan.fate(1, is_order=False).refusal is None
    assert plan.fate(1, is_order=True).refusal == REJECTED


def test_busy_errors_come_in_all_kinds_and_an_unknown_outcome_may_have_been_carried_out() -> None:
    plan = FaultPlan(3)
    plan.set(Faults(error_rate=1))
    met = [plan.fate(1, is_order=True) for _ in range(300)]
    assert {fate.refusal for fate in met} == {TOO_MANY_REQUESTS, OVERLOADED, UNKNOWN_OUTCOME}
    unknown = {fate.is_carried_out for fate in met if fate.refusal == UNKNOWN_OUTCOME}
    assert unknown == {True, False}
    assert not any(fate.is_carried_out for fate in met if fate.refusal != UNKNOWN_OUTCOME)


def test_latency_stays_in_its_range_and_fills_it() -> None:
    plan = FaultPlan(3)
    plan.set(Faults(latency_ms=(5, 50)))
    delays = [plan.fate(1, is_order=False).delay_ms for _ in range(500)]
    assert min(delays) >= 5
    assert max(delays) <= 50
    assert max(delays) - min(delays) > 40


def test_an_accounts_own_faults_come_before_everybodys() -> None:
    plan = FaultPlan(3)
    plan.set(Faults(rate_limit_now=True), EVERYBODY)
    plan.set(Faults(latency_ms=(1, 1)), 2)
    assert plan.fate(1, is_order=True).refusal == TOO_MANY_REQUESTS
    assert plan.fate(2, is_order=True).refusal is None
    plan.clear(2)
    assert plan.fate(2, is_order=True).refusal == TOO_MANY_REQUESTS
    plan.clear()
    assert plan.fate(2, is_order=True) == SPARED


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"latency_ms": (9, 5)}, "latency_ms"),
        ({"latency_ms": (-1, 5)}, "latency_ms"),
        ({"reject_rate": 1.5}, "reject_rate"),
        ({"error_rate": -0.1}, "error_rate"),
        ({"drop_ws_every_s": -1}, "drop_ws_every_s"),
    ],
)
def test_settings_that_make_no_sense_are_named(settings: dict[str, object], names: str) -> None:
    with pytest.raises(BadFaults, match=names):
        Faults(**settings)  # type: ignore[arg-type]


def test_a_latency_of_the_venue_itself_meets_everybody_with_faults_or_without() -> None:
    plan = FaultPlan(7, (5.0, 10.0))
    assert all(5 <= plan.fate(1, is_order=False).delay_ms <= 10 for _ in range(50))
    plan.set(Faults(latency_ms=(100.0, 100.0)), account=2)
    assert all(105 <= plan.fate(2, is_order=True).delay_ms <= 110 for _ in range(50))
    plan.clear()
    assert 5 <= plan.fate(2, is_order=True).delay_ms <= 10
