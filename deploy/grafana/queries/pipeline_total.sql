SELECT {{figures}}, {{n}} AS n
FROM {{qoe}}
WHERE {{in_range}} AND measure_name = 'pipeline'
