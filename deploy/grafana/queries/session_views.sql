WITH views AS (
  SELECT
    time, view, player, player_version, device, os, browser, country, cdn, app, app_version, content_id, outcome,
    startup_ms, play_ms, stall_count, stall_ms, seek_count, seek_ms, pause_count, pause_ms, failed_ms, unknown_ms,
    bitrate_avg_kbps, switches, errors, dropped_frames, quirks, final, beacons_received AS n, completeness,
    row_number() OVER (PARTITION BY view ORDER BY known_ms DESC) AS age
  FROM {{sessions}}
  WHERE {{in_range}} AND measure_name = 'session' AND session_id = ${session:sqlstring}
)
SELECT
  view, time, outcome, startup_ms, play_ms, stall_count, stall_ms, seek_count, seek_ms, pause_count, pause_ms,
  failed_ms, unknown_ms, bitrate_avg_kbps, switches, errors, dropped_frames, player, player_version, device, os,
  browser, country, cdn, app, app_version, content_id, quirks, final, n, completeness
FROM views
WHERE age = 1
ORDER BY time
