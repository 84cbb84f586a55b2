"""The service's limits. Source: Timestream developer guide, "Quotas", and the API model of timestream-write,
as botocore has it."""

RECORDS_PER_REQUEST = 100
RECORD_BYTES = 2048
DIMENSION_PAIRS_BYTES = 2048
DIMENSIONS_PER_RECORD = 128
DIMENSIONS_PER_TABLE = 128
MEASURES_PER_RECORD = 256
MEASURES_PER_TABLE = 1024
"""Unique names inside MULTI records of one table."""
MEASURE_NAMES_PER_TABLE = 8192

DIMENSION_NAME_BYTES = 60
MEASURE_NAME_BYTES = 256
RESOURCE_NAME_BYTES = range(3, 257)
VALUE_CHARS = 2048
TIME_CHARS = 256
TAGS_PER_REQUEST = range(201)
TAGS_PER_RESOURCE = 50
TAG_KEY_CHARS = range(1, 129)
TAG_VALUE_CHARS = range(257)
KMS_KEY_CHARS = range(1, 2049)

FUTURE_MINUTES = 15
MEMORY_HOURS = range(1, 8767)
MAGNETIC_DAYS = range(1, 73001)
DEFAULT_MEMORY_HOURS = 6
DEFAULT_MAGNETIC_DAYS = 73000

LIST_PAGE = range(1, 21)
"""Databases or tables per page of a listing; the most if none is asked for."""

BIGINT = range(-(2**63), 2**63)

RESERVED_NAMES = frozenset({"time", "measure_name", "measure_value", "ts_non_existent_col"})
RESERVED_PREFIXES = ("ts_", "measure_name", "measure_value")
"""Of columns, and case-sensitive."""
