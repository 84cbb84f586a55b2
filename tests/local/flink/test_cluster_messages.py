"""What is shown of a submission that failed."""

from local.flink.cluster import causes

PRINTED = """\
WARNING: Unknown module: jdk.compiler specified to --add-exports
/lib/apache_beam/stager.py:63: UserWarning: pkg_resources is deprecated as an API.
  import pkg_resources
Traceback (most recent call last):
  File "/lib/py4j/protocol.py", line 326, in get_return_value
    raise Py4JJavaError(
py4j.protocol.Py4JJavaError: An error occurred while calling o8.executeAsync.
: org.apache.flink.util.FlinkException: Failed to execute job 'beacon'.
\tat org.apache.flink.client.program.StreamContextEnvironment.execute(StreamContextEnvironment.java:1)
\t... 12 more
Caused by: org.apache.flink.runtime.client.JobSubmissionException: Failed to submit JobGraph.
"""


def test_a_refused_job_shows_causes_and_neither_frames_nor_warnings() -> None:
    assert causes(PRINTED).splitlines() == [
        "py4j.protocol.Py4JJavaError: An error occurred while calling o8.executeAsync.",
        ": org.apache.flink.util.FlinkException: Failed to execute job 'beacon'.",
        "Caused by: org.apache.flink.runtime.client.JobSubmissionException: Failed to submit JobGraph.",
    ]


def test_wrong_properties_are_shown_whole() -> None:
    said = "application_properties.json: 1 problem(s)\ngroup beacon.source, key stream: must be set"
    assert causes(said) == said
