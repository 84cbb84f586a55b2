"""Names of operators: a savepoint finds its state again by them, whatever the planner makes of the rest."""

from typing import Any

from pyflink.datastream import StreamExecutionEnvironment

DEAD_LETTERS = "dead-letters"


def set_uids(planned: Any, uid: str) -> None:
    """Name a planned operator and all before it: sources by their table, the others, without state, by place.

    The one that calls Python also bears the name where people see it: in the web UI, in logs, in metrics.
    """
    for place, operator in enumerate(planned.getTransitivePredecessors()):
        if operator.getUid() is None:
            is_source = operator.getInputs().isEmpty()
            table = operator.getName().removeprefix("Source: ").partition("[")[0]
            operator.setUid(table if is_source else f"{uid}-{place}")
            if operator.getName().startswith("PythonCalc"):
                operator.setName(uid)


def name_dead_letters(env: StreamExecutionEnvironment) -> None:
    """Name the one sink that SQL has attached to `env`, and what only it reads."""
    attached = env._j_stream_execution_environment.getTransformations()
    sink = next(item for item in attached if item.getClass().getSimpleName() == "SinkTransformation")
    sink.setUid(DEAD_LETTERS)
    set_uids(sink, DEAD_LETTERS)
