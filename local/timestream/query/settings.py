"""The account settings of the query side: kept while the stand-in runs, without effect on it. Pure."""

from typing import Any

from local.timestream.query.errors import unsupported
from local.timestream.rules.errors import refuse_member

_TCU_STEP = 4
_MOST_TCU = 1000
_MODELS = ("BYTES_SCANNED", "COMPUTE_UNITS")


class AccountSettings:
    """What DescribeAccountSettings tells and UpdateAccountSettings changes."""

    def __init__(self) -> None:
        self._max_query_tcu = 200
        self._pricing_model = "COMPUTE_UNITS"

    def describe(self) -> dict[str, Any]:
        """The answer of both operations."""
        return {
            "MaxQueryTCU": self._max_query_tcu,
            "QueryPricingModel": self._pricing_model,
            "QueryCompute": {"ComputeMode": "ON_DEMAND"},
        }

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """Change what is given. Raises ValidationException; then nothing is changed."""
        tcu = request.get("MaxQueryTCU")
        model = request.get("QueryPricingModel")
        compute = request.get("QueryCompute")
        if tcu is not None and not _is_capacity(tcu):
            refuse_member(tcu, "maxQueryTCU", f"be a multiple of {_TCU_STEP} from {_TCU_STEP} to {_MOST_TCU}")
        if model is not None and model not in _MODELS:
            refuse_member(model, "queryPricingModel", f"satisfy enum value set: [{', '.join(_MODELS)}]")
        if compute is not None and compute != {"ComputeMode": "ON_DEMAND"}:
            unsupported("Provisioned query capacity")
        self._max_query_tcu = tcu if tcu is not None else self._max_query_tcu
        self._pricing_model = model if model is not None else self._pricing_model
        return self.describe()


def _is_capacity(tcu: object) -> bool:
    return isinstance(tcu, int) and tcu % _TCU_STEP == 0 and _TCU_STEP <= tcu <= _MOST_TCU
