SELECT
  time, measure_name AS event, state, playhead_ms, buffer_ms, bitrate_kbps, bitrate_shown_kbps, throughput_kbps,
  error_code, error_message, content_id, seq
FROM {{events}}
WHERE {{in_range}} AND {{any_event}} AND session_id = ${session:sqlstring}
ORDER BY time
LIMIT 1000
