"""The canonical fields of a beacon: one table for every sender's names, types, units and limits.

To add a measure, add a line here (and to the schema; a test compares the two). Names that players own keep
their player's unit: `currentTime`, `duration` and `bufferLength` of media elements are seconds (WHATWG HTML),
as are `latency` (hls.js) and `liveLatency` (Shaka); `bandwidthEstimate` (hls.js), `estimatedBandwidth` and
`streamBandwidth` (Shaka) and `contentBitrate` (New Relic) are bit/s; `playhead` (EPAS) and `contentPlayhead`
(New Relic) are milliseconds.
"""

from msgspec.structs import replace

from beacon_job.decode.vocabulary.bounds import MAX_CONTENT_CHARS, MAX_CUSTOM_CHARS, MAX_TEXT_CHARS
from beacon_job.decode.vocabulary.field import (
    AUDIO_BPS_FROM,
    MAX_AUDIO_KBPS,
    MAX_NETWORK_KBPS,
    MAX_VIDEO_KBPS,
    Field,
)
from beacon_job.types.beacon import UNREAD

_DAY_MS = 86_400_000
_WEEK_MS = 7 * _DAY_MS
_YEAR_2286_MS = 10_000_000_000_000


def _ms(name: str, cmcd: str = "", *aliases: str, high: int = _DAY_MS) -> Field:
    return Field(name, "int", 0, high, cmcd, aliases)


def _kbps(name: str, cmcd: str = "", *aliases: str, high: int = MAX_VIDEO_KBPS) -> Field:
    return Field(name, "int", 0, high, cmcd, aliases)


def _count(name: str, cmcd: str = "", *aliases: str, high: int = 1_000_000_000) -> Field:
    return Field(name, "int", 0, high, cmcd, aliases)


def _bool(name: str, cmcd: str = "", *aliases: str) -> Field:
    return Field(name, "bool", 0, 1, cmcd, aliases)


def _text(name: str, cmcd: str = "", *aliases: str, high: int = MAX_TEXT_CHARS) -> Field:
    return Field(name, "text", 0, high, cmcd, aliases)


_TABLE: tuple[Field, ...] = (
    # Playback. The playhead of a live stream with a date may be epoch ms, hence its limit.
    _ms(
        "playhead_ms", "pt", "position s", "currentTime s", "playhead", "contentPlayhead", high=_YEAR_2286_MS
    ),
    Field("rate", "float", -64, 64, "pr", ("playbackRate", "speed")),
    _ms("live_latency_ms", "ltc", "latency s 600", "liveLatency s 600"),
    _ms("duration_ms", "", "duration s 86400", "streamDuration", "contentDuration", high=_YEAR_2286_MS),
    Field("volume", "float", 0, 1, "", ("volumeLevel",)),
    _bool("muted"),
    _bool("hidden", "bg", "background"),
    _bool("non_rendered", "nr"),
    _bool("expanded", "", "fullscreen", "isFullscreen"),
    _count("width_px", "", "width", "videoWidth", high=100_000),
    _count("height_px", "", "height", "videoHeight", high=100_000),
    _count("dropped_frames", "dfa", "droppedVideoFrames"),
    _count("total_frames", "", "totalVideoFrames"),
    _text("content_id", "cid", "content", "videoId", high=MAX_CONTENT_CHARS),
    _text("content_signature", "cs"),
    _text("ad_id", "", "adId", high=MAX_CONTENT_CHARS),
    # Waiting.
    _ms("startup_hint_ms", "msd", "startupTime ms"),
    _ms("stall_ms", "bsd", "stallDuration ms", high=_WEEK_MS),
    _count("stall_count_total", "bsa"),
    _ms("stall_ms_total", "bsda", high=_WEEK_MS),
    _bool("buffer_starved", "bs"),
    _bool("startup_urgent", "su"),
    # Buffer and network.
    _ms("buffer_ms", "bl", "bufferLength s"),
    _ms("target_buffer_ms", "tbl"),
    _kbps(
        "throughput_kbps",
        "mtp",
        "bandwidth",
        "bandwidthEstimate bps",
        "estimatedBandwidth bps",
        high=MAX_NETWORK_KBPS,
    ),
    _kbps("requested_max_kbps", "rtp", high=MAX_NETWORK_KBPS),
    _ms("deadline_ms", "dl"),
    # Renditions. `bitrate_kbps` is what the player asked for, `bitrate_shown_kbps` what is on screen.
    _kbps("bitrate_kbps", "br", "videoBitrate", "streamBandwidth bps", "contentBitrate bps"),
    _kbps("bitrate_shown_kbps", "pb"),
    _kbps("bitrate_top_kbps", "tb"),
    _kbps("bitrate_low_kbps", "lb"),
    _kbps("bitrate_playable_top_kbps", "tpb"),
    _kbps("bitrate_aggregate_kbps", "ab"),
    _kbps("bitrate_aggregate_top_kbps", "tab"),
    _kbps("bitrate_aggregate_low_kbps", "lab"),
    # What happened.
    _text("error_code", "ec", "code", "errorCode"),
    _text("error_message", "", "message", "errorMessage"),
    _bool("fatal"),
    _text("end_reason", "", "reason", high=MAX_CUSTOM_CHARS),
    _text("custom_name", "cen", high=MAX_CUSTOM_CHARS),
    # One media request.
    _text("object_type", "ot", high=MAX_CUSTOM_CHARS),
    _ms("object_duration_ms", "d"),
    _count("response_code", "rc", "status", "statusCode", high=999),
    _ms("ttfb_ms", "ttfb", "timeToFirstByte ms"),
    _ms("ttfbb_ms", "ttfbb"),
    _ms("ttlb_ms", "ttlb"),
    _text("url_host", "h", high=MAX_CONTENT_CHARS),
    _text("url_ext", "", high=16),
    _text("next_object", "nor"),
    _count("segment_number", high=10**15),
    _count("segment_checksum", high=2**32),
    _count("response_bytes", high=10**12),
    _text("edge_dynamic", "cmsdd"),
    _text("edge_static", "cmsds"),
    _text("edge_request_id", "smrt"),
    # Values of the seed's flat JSON, one column per type.
    Field("value", "float", -1e15, 1e15),
    _text("value_text"),
    _bool("value_bool"),
    # Stated by decode, by no sender.
    _text(UNREAD),
    # About the client.
    Field("mono_ms", "float", 0, 1e13, "", ("mono",)),
    Field("sample_rate", "float", 0, 1, "", ()),
    _count("beacons_dropped"),
    _text("viewer_id", high=MAX_CONTENT_CHARS),
    _text("experiment", high=MAX_CUSTOM_CHARS),
    _text("page_host", high=MAX_CONTENT_CHARS),
    _text("page_path_hash", high=MAX_CUSTOM_CHARS),
    _text("network_type", "", "net.type", high=MAX_CUSTOM_CHARS),
    _count("viewport_w_px", "", "viewport.w", high=100_000),
    _count("viewport_h_px", "", "viewport.h", high=100_000),
    _text("drm", "", "stream.drm", high=MAX_CUSTOM_CHARS),
    _text("video_codec", "", "stream.vcodec", high=MAX_CUSTOM_CHARS),
    _text("audio_codec", "", "stream.acodec", high=MAX_CUSTOM_CHARS),
)

AUDIO = "audio_"
"""Prefix of a field when CMCD states it for the audio rendition (`br=(3000;v 128;a)`)."""

_BY_TYPE_KEYS = frozenset(
    ["ab", "bl", "br", "bsa", "bsd", "bsda", "lab", "lb", "mtp", "pb", "tab", "tb", "tbl", "tpb"]
)
"""CMCD keys whose list members carry an object type."""

OF_THE_OBJECT = frozenset(["bl", "br", "lb", "pb", "tb", "tbl", "tpb"])
"""Those that speak of the requested object (`ot`) where they name no type themselves (CTA-5004-B, table 1);
the others are sums over all types, or of the player and its network."""


def _of_audio(field: Field) -> Field:
    audio = replace(field, name=AUDIO + field.name, cmcd="", aliases=(), bps_from=AUDIO_BPS_FROM)
    return replace(audio, high=MAX_AUDIO_KBPS) if field.high == MAX_VIDEO_KBPS else audio


FIELDS: dict[str, Field] = {field.name: field for field in _TABLE} | {
    AUDIO + field.name: _of_audio(field) for field in _TABLE if field.cmcd in _BY_TYPE_KEYS
}

CMCD_FIELDS: dict[str, Field] = {field.cmcd: field for field in _TABLE if field.cmcd}

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "player": ("playerName",),
    "player_version": (),
    "sdk": ("sdkName",),
    "device": ("deviceCategory", "deviceType"),
    "os": ("deviceOs", "osName"),
    "browser": ("deviceBrowser", "browserName"),
    "country": (),
    "cdn": ("streamCdn",),
    "stream_type": (),
    "stream_format": (),
    "app": ("appName",),
    "app_version": (),
}
"""Dimensions a sender may state, with their names in JSON; `source` and `target` say how it came."""
