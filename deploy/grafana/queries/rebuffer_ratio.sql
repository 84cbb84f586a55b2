SELECT
  {{bucket}} AS time,
  1e0 * coalesce(sum(stall_ms), 0) / nullif(sum({{watched}}), 0) AS rebuffer_ratio,
  1e0 * coalesce(sum(active_ms), 0) / {{interval_ms}} AS n,
  1e0 * sum(recv) / nullif(sum(expected), 0) AS completeness
FROM {{table}}
WHERE {{in_range}} AND measure_name = 'sessions' AND {{viewers}}
GROUP BY 1
ORDER BY 1
