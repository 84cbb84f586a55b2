SELECT {{ms_since(max(time))}} / 1e3 AS data_age_s
FROM {{qoe}}
WHERE {{last(60)}} AND measure_name = 'pipeline'
