SELECT
  {{bucket}} AS time,
  {{figures}},
  {{n}} AS n,
  {{complete}} AS completeness
FROM {{qoe}}
WHERE {{in_range}} AND measure_name = 'sessions' AND {{viewers}}
GROUP BY 1
ORDER BY 1
