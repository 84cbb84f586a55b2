WITH views AS (
  {{views}}
)
SELECT
  session_id, time, outcome, stall_ms, stall_count, startup_ms, play_ms, player_release, device, cdn, country,
  content_id, beacons_received AS n, completeness
FROM views
WHERE age = 1 AND {{viewers}}
ORDER BY stall_ms DESC NULLS LAST, time DESC
LIMIT 25
