SELECT
  coalesce(sum(active_ms), 0) / 6e4 AS active,
  coalesce(sum(active_ms), 0) / 6e4 AS n,
  {{complete}} AS completeness
FROM {{qoe}}
WHERE {{a_minute_ago}} AND measure_name = 'sessions' AND {{viewers}}
