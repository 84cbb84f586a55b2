"""The functions a query may call, by Timestream's names for them. No other reaches DuckDB. Pure."""

from sqlglot import exp

from local.timestream.query.errors import invalid, unsupported
from local.timestream.query.macros import MACROS
from local.timestream.query.rewrites import REWRITES, Arguments, clock, named

_SAME = """
abs acos array_agg ascii asin atan atan2 avg bool_and bool_or cbrt ceil chr coalesce concat_ws
corr cos cosh count count_if covar_pop covar_samp cume_dist day degrees dense_rank exp first_value flatten
floor greatest hour kurtosis lag last_value lead least length ln log10 log2 lower ltrim max min minute
month nth_value ntile nullif percent_rank pi quarter radians random rank regr_intercept regr_slope reverse
round row_number rtrim second sign sin sinh skewness sqrt stddev stddev_pop stddev_samp strpos sum tan
tanh upper var_pop var_samp variance week year
""".split()  # noqa: SIM905

_RENAMED = {
    "any_value": "any_value",
    "arbitrary": "any_value",
    "array_distinct": "list_distinct",
    "array_intersect": "list_intersect",
    "array_join": "array_to_string",
    "array_max": "list_max",
    "array_min": "list_min",
    "array_sort": "list_sort",
    "arrays_overlap": "list_has_any",
    "bitwise_and_agg": "bit_and",
    "bitwise_or_agg": "bit_or",
    "cardinality": "len",
    "ceiling": "ceil",
    "codepoint": "unicode",
    "contains": "list_contains",
    "day_of_month": "day",
    "day_of_year": "dayofyear",
    "doy": "dayofyear",
    "element_at": "list_extract",
    "every": "bool_and",
    "filter": "list_filter",
    "geometric_mean": "geomean",
    "hamming_distance": "hamming",
    "is_nan": "isnan",
    "json_extract_scalar": "json_extract_string",
    "last_day_of_month": "last_day",
    "levenshtein_distance": "levenshtein",
    "pow": "pow",
    "power": "pow",
    "rand": "random",
    "regexp_extract_all": "regexp_extract_all",
    "regexp_like": "regexp_matches",
    "regexp_split": "regexp_split_to_array",
    "row": "row",
    "split": "string_split",
    "substr": "substr",
    "substring": "substr",
    "transform": "list_transform",
    "week_of_year": "week",
    "year_of_week": "isoyear",
    "zip": "list_zip",
    "yow": "isoyear",
    "dow": "ts_day_of_week",
}

_MAKES_MORE = frozenset(
    {"sequence", "repeat", "transform", "lpad", "rpad", "replace", "regexp_replace", "concat"}
)
"""What a lambda must not call, so that small arrays cannot be made to fill the memory."""


def call(name: str, arguments: Arguments, now_ns: int) -> exp.Expression:
    """DuckDB's expression for a function of Timestream. Raises ValidationException."""
    for lambda_ in arguments:
        if isinstance(lambda_, exp.Lambda):
            _check_lambda(name, lambda_)
    if special := REWRITES.get(name):
        return special(arguments)
    if name in ("now", "current_timestamp", "ago"):
        return clock(name, arguments, now_ns)
    if name in DIRECT:
        return named(DIRECT[name], *arguments)
    if name in UNSUPPORTED:
        unsupported(f"Function {name}")
    message = f"Function {name} not registered"
    raise invalid(message)


def _check_lambda(name: str, body: exp.Lambda) -> None:
    for node in body.walk():
        called = node.name.lower() if isinstance(node, exp.Anonymous) else ""
        maker = called.removeprefix("ts_").removeprefix("time_").removeprefix("list_")
        if isinstance(node, exp.DPipe | exp.Array) or maker in _MAKES_MORE:
            unsupported(f"Making texts or arrays inside a lambda of {name}")


_INTERNAL = frozenset({"ts_divide", "ts_interval_ns", "ts_between", "ts_integral", "ts_time_sequence"})

DIRECT: dict[str, str] = (
    {name: name for name in _SAME}
    | _RENAMED
    | {
        name.removeprefix("ts_"): name
        for name in MACROS
        if name not in _INTERNAL
        and not name.startswith(("ts_to_big", "ts_to_int", "ts_try", "ts_to_varchar"))
    }
)
"""Function -> DuckDB's function or macro that takes the same arguments."""

UNSUPPORTED = frozenset(
    """
approx_most_frequent approx_set array_sum bing_tile_at bit_count checksum combinations correlate_pearson
correlate_spearman cosine_similarity current_catalog current_schema current_user date_histogram
empty_approx_set entropy from_base from_base32 from_base64 from_hex from_utf8 great_circle_distance
histogram human_readable_seconds interpolate_spline_cubic inverse_beta_cdf inverse_normal_cdf
is_json_scalar json_array_contains json_array_get json_extract json_format json_parse json_size
learn_classifier listagg luhn_check make_set_digest map map_agg map_concat map_entries map_filter
map_from_entries map_keys map_union map_values map_zip_with max_data_size_for_stats md5 merge multimap_agg
ngrams normal_cdf normalize numeric_histogram parse_duration parse_presto_data_size qdigest_agg sha1
sha256 sha512 shuffle soundex split_to_map split_to_multimap spooky_hash_v2_32 spooky_hash_v2_64 st_astext
st_contains st_distance st_geometryfromtext st_point st_x st_y tdigest_agg timezone_hour timezone_minute
to_base to_base32 to_base64 to_geometry to_hex to_spherical_geography to_utf8 transform_keys
transform_values translate try typeof url_decode url_encode url_extract_fragment url_extract_host
url_extract_parameter url_extract_path url_extract_port url_extract_protocol url_extract_query
value_at_quantile values_at_quantiles wilson_interval_lower wilson_interval_upper word_stem xxhash64
zip_with
""".split()  # noqa: SIM905
)
"""Functions of Timestream or Trino that the stand-in knows by name and does not have."""
