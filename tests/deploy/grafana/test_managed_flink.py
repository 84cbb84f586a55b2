"""What the dashboard of CloudWatch asks for are metrics that somebody gives."""

import re

import pytest

from beacon_job.flink.metrics import METRICS
from beacon_job.stores.timestream.limits import Limit
from deploy.grafana.managed_flink import PANELS

SERVICE = {
    "millisBehindLatest",
    "fullRestarts",
    "numberOfFailedCheckpoints",
    "cpuUtilization",
    "heapMemoryUtilization",
    "backPressuredTimeMsPerSecond",
}
"""Of Managed Flink itself."""
ANSWERS = {"rejected", "invalid"}
"""Kinds of refusal that the service, and no limit of ours, gives."""


@pytest.mark.parametrize("name", [name for panel in PANELS for name, _ in panel.metrics])
def test_a_metric_is_the_services_or_one_the_job_counts(name: str) -> None:
    if kind := re.fullmatch(r"refused_(\w+)", name):
        assert kind[1] in {*Limit, *ANSWERS}
    else:
        assert name in SERVICE | METRICS.keys()
