"""What the columns of CDN logs are called (squashed names). One table: to take another log, add its names.

nginx (`log_format`), Apache, CloudFront standard and real-time logs, Akamai DataStream 2, Cloudflare Logpush,
Google Media CDN and Cloud Logging, Fastly and Varnish (whatever their VCL names), bunny.net.
"""

URLS = (
    *(
        "csuristem",
        "reqpath",
        "clientrequesturi",
        "clientrequestpath",
        "requesturi",
        "requesturl",
        "uri",
        "url",
    ),
    *("path", "urlpath", "request", "requestline", "csuri", "cleanurl"),
)
"""The requested url, its path, or the request line (nginx `$request`)."""

QUERIES = ("query", "querystr", "querystring", "csuriquery", "args", "queryargs", "urlquery", "requestquery")

TIMES = (
    *(
        "startms",
        "timestampms",
        "reqtimesec",
        "msec",
        "edgestarttimestamp",
        "timeiso8601",
        "timelocal",
        "datetime",
    ),
    *("timestamp", "time", "ts", "date", "eventtime", "starttime", "requeststart", "edgeendtimestamp"),
)

STATUSES = (
    "status",
    "statuscode",
    "scstatus",
    "edgeresponsestatus",
    "responsestatus",
    "respstatus",
    "httpstatus",
)

AGENTS = ("useragent", "csuseragent", "clientrequestuseragent", "httpuseragent", "requestuseragent", "ua")

COUNTRIES = (
    "country",
    "ccountry",
    "clientcountry",
    "geocountry",
    "countrycode",
    "geoipcountrycode",
    "geocountrycode",
)

HOSTS = ("host", "reqhost", "clientrequesthost", "xhostheader", "cshost", "httphost", "requesthost")

TTFBS: dict[str, float] = {
    "ttfbms": 1,
    "edgetimetofirstbytems": 1,
    "timetofirstbytems": 1,
    "turnaroundtimemsec": 1,  # Akamai
    "timetofirstbyte": 1_000,  # CloudFront
}
"""From the request to the first byte of its response: column -> ms of its unit."""

TOOK: dict[str, float] = {
    "ttlbms": 1,
    "timeelapsedms": 1,
    "requesttimems": 1,
    "responsetimems": 1,
    "durationms": 1,
    "timeelapsedusec": 1e-3,
    "durationus": 1e-3,
    "timetaken": 1_000,  # CloudFront
    "requesttime": 1_000,  # nginx
    "latency": 1_000,  # Google, with its unit behind it
}
"""From the request to the last byte of its response."""

TRANSFERS: dict[str, float] = {"transfertimemsec": 1}
"""From the first byte of a response to its last (Akamai)."""

ENDS = ("endms", "edgeendtimestamp")
"""The time of the last byte."""

WRITTEN_AT_THE_END = frozenset({"timetaken", "requesttime"})
"""Logs with these name the time at which they wrote the line: that of the last byte."""

BYTES = (
    "bytes",
    "bodybytessent",
    "scbytes",
    "totalbytes",
    "edgeresponsebytes",
    "responsebodysize",
    "respsize",
)

HEADERS = {
    prefix + header: header
    for header in ("cmcdobject", "cmcdrequest", "cmcdsession", "cmcdstatus")
    for prefix in ("", "http", "cs", "reqhttp", "req", "request", "header")
}
"""CMCD sent as headers -> the header."""

ARGUMENTS = ("cmcd", "argcmcd", "querycmcd", "cmcdquery")
"""The value of the argument `CMCD` by itself."""

_CLOUDFRONT = {
    "encoded-bitrate": "br",
    "buffer-length": "bl",
    "buffer-starvation": "bs",
    "content-id": "cid",
    "object-duration": "d",
    "deadline": "dl",
    "measured-throughput": "mtp",
    "next-object-request": "nor",
    "object-type": "ot",
    "playback-rate": "pr",
    "requested-maximum-throughput": "rtp",
    "streaming-format": "sf",
    "session-id": "sid",
    "stream-type": "st",
    "startup": "su",
    "top-bitrate": "tb",
    "version": "v",
}

KEYS = {f"cmcd{name.replace('-', '')}": key for name, key in _CLOUDFRONT.items()} | {
    f"cmcd{key}": key for key in (*_CLOUDFRONT.values(), "bsd", "sn", "sta", "msd", "pt", "ltc", "e", "ts")
}
"""CMCD that the CDN has taken apart (CloudFront's `cmcd-*`), one column a key -> the key."""

NESTED = ("httprequest", "headers", "requestheaders", "jsonpayload", "request", "response", "cmcd", "http")
"""Objects whose members are columns, too."""

EMPTY = frozenset({"", "-", "(null)", "null", "none", "undefined"})
"""What logs write where nothing was sent."""

OF_LOGS_ONLY = (
    frozenset(
        {"csuristem", "csuriquery", "scstatus", "reqpath", "reqtimesec", "querystr", "clientrequesturi"}
        | {
            "edgestarttimestamp",
            "requesturi",
            "httprequest",
            "timeiso8601",
            "timelocal",
            "msec",
            "requestline",
        }
    )
    | HEADERS.keys()
)
"""Columns that no event has: such an object is a line of a log, also where no player's word is in it."""
