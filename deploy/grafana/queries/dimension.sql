SELECT DISTINCT coalesce({{dimension}}, 'unknown') AS value
FROM {{table}}
WHERE {{in_range}} AND measure_name = 'sessions'
ORDER BY 1
