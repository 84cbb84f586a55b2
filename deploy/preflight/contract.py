"""The numbers and names of the service's contract (FLINK-1_20)."""

RUN_OPTIONS = "kinesis.analytics.flink.run.options"
RUN_KEYS = ("python", "jarfile", "pyFiles", "pyArchives")
REQUIRED_RUN_KEYS = ("python", "jarfile", "pyFiles")
UNSUPPORTED_RUN_KEYS = ("pyModule", "pyExecutable", "pyRequirements")
"""Flink's command line has them; the service refuses them."""

MAX_ZIP_BYTES = 512 * 1024 * 1024
ADVISED_ZIP_BYTES = 104 * 1024 * 1024
MAX_GROUPS = 50
MAX_KEYS = 50
MAX_TEXT = 2048
MAX_GROUP_NAME = 50

PROVIDED = ("pyflink", "apache_beam", "pandas", "numpy", "pyarrow", "py4j")
"""The service's image brings them; a second copy breaks the job or only costs its start time."""
EXTENSION_SUFFIXES = (".cpython-311-x86_64-linux-gnu.so", ".abi3.so")
WRITABLE = "/tmp"  # noqa: S108 - the only folder a job may write to
