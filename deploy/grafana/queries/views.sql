SELECT
  time, session_id, view, player, player_version, device, os, browser, country, cdn, stream_type, app,
  app_version, content_id, coalesce(player, 'unknown') || ' ' || coalesce(player_version, '') AS player_release,
  outcome, startup_ms, waited_ms, play_ms, stall_count, stall_ms, seek_ms, bitrate_avg_kbps, switches,
  background_start, beacons_received, beacons_expected, completeness,
  row_number() OVER (PARTITION BY session_id, view ORDER BY known_ms DESC) AS age
FROM {{sessions}}
WHERE {{in_range}} AND measure_name = 'session'
