WITH errors AS (
  SELECT
    session_id, player, player_version, device, os, browser, country, cdn, stream_type, app, app_version,
    content_id, coalesce(player, 'unknown') || ' ' || coalesce(player_version, '') AS player_release,
    coalesce(error_code, 'none') AS error_code,
    coalesce(error_message, '') AS error_message,
    CASE WHEN fatal THEN 1 ELSE 0 END AS fatal
  FROM {{events}}
  WHERE {{in_range}} AND measure_name = 'error'
)
SELECT
  error_code,
  error_message,
  coalesce(${by:raw}, 'unknown') AS viewer_group,
  count(*) AS errors,
  sum(fatal) AS fatal,
  count(DISTINCT session_id) AS n
FROM errors
WHERE {{viewers}}
GROUP BY 1, 2, 3
ORDER BY n DESC, errors DESC
LIMIT 50
