SELECT DISTINCT coalesce({{dimension}}, 'unknown') AS value
FROM {{qoe}}
WHERE {{in_range}} AND measure_name = 'sessions'
ORDER BY 1
