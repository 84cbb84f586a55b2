"""Everything is killed and disturbed while beacons flow; nothing is lost, nothing is stored twice."""

from dataclasses import replace

import pytest

from tests.faults import scenario_postgres
from tests.faults.account import Account, Outcome, audit, beacon_of
from tests.faults.rig import Rig
from tests.faults.run import Result, run, table
from tests.faults.scenario import FULL, REJECTS, SHORT


@pytest.mark.e2e
@pytest.mark.parametrize("rig", ["timestream"], indirect=True)
def test_a_few_faults_lose_nothing_and_double_nothing(rig: Rig) -> None:
    judge(run(rig, SHORT, beacons=15_000, rate=150))


@pytest.mark.e2e
@pytest.mark.parametrize("rig", ["postgres"], indirect=True)
def test_a_few_faults_of_postgresql_lose_nothing_and_double_nothing(rig: Rig) -> None:
    judge(run(rig, scenario_postgres.SHORT, beacons=9_000, rate=150))


@pytest.mark.faults
@pytest.mark.parametrize("rig", ["timestream"], indirect=True)
def test_a_long_run_with_every_fault_loses_nothing_and_doubles_nothing(rig: Rig) -> None:
    judge(run(rig, FULL, beacons=100_000, rate=200))


@pytest.mark.faults
@pytest.mark.parametrize("rig", ["postgres"], indirect=True)
def test_a_long_run_on_postgresql_with_every_fault_loses_nothing_and_doubles_nothing(rig: Rig) -> None:
    judge(run(rig, scenario_postgres.FULL, beacons=100_000, rate=200))


def judge(result: Result) -> None:
    print(f"\n{table(result)}\n")
    assert result.found.complaints() == []
    assert result.found.refused, "no record was rejected: the fault did not happen"
    assert result.account.poison, "no poison was sent"
    assert sum(result.restarts) > 0, "no kill made Flink restart the job"
    for fault, restarts, (rejected, letters) in zip(
        result.faults, result.restarts, result.rejects, strict=True
    ):
        if fault is REJECTS and not restarts:  # a restart gives what was rejected another chance
            assert rejected == letters, "not every reject has its dead letter"
    for control, (account, outcome) in controls(result).items():
        assert audit(account, outcome).complaints(), f"the audit does not notice {control}"


def controls(result: Result) -> dict[str, tuple[Account, Outcome]]:
    """What the run found, each time with one thing wrong in it."""
    account, outcome = result.account, result.outcome
    row = next(row for row in outcome.events if beacon_of(row) not in result.found.refused)
    beacon = beacon_of(row)
    others = [other for other in outcome.events if other is not row]
    sums = outcome.qoe[0]
    event, count = next(iter(sums["measures"].items()))
    wrong = {
        **sums,
        "version": sums["version"] + 1_000_000,
        "measures": {**sums["measures"], event: count + 1},
    }
    more = {**sums, "time": sums["time"] + 999}
    poison = [letter for letter in outcome.letters if letter["stage"] == "decode"]
    fewer = {known: sent for known, sent in account.beacons.items() if known != beacon}
    return {
        "a row that is missing": (account, replace(outcome, events=others)),
        "a row that is there twice": (account, replace(outcome, events=[*outcome.events, row])),
        "a row of a beacon that nobody sent": (replace(account, beacons=fewer), outcome),
        "a sum that is off by one": (account, replace(outcome, qoe=[*outcome.qoe, wrong])),
        "sums that are there twice": (account, replace(outcome, qoe=[*outcome.qoe, more])),
        "poison without a dead letter": (
            replace(account, poison={*account.poison, b"one more"}),
            outcome,
        ),
        "a good record among the bad": (replace(account, poison=set()), replace(outcome, letters=poison)),
    }
