SELECT
  {{figures}},
  {{n}} AS n,
  {{complete}} AS completeness
FROM {{qoe}}
WHERE {{in_range}} AND measure_name = 'sessions' AND {{viewers}}
