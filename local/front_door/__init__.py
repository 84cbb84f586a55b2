"""A stand-in for API Gateway: serves deploy/openapi.yaml and puts into the Kinesis emulator.

    python -m local.front_door --port 8090 --kinesis-endpoint http://127.0.0.1:4566

definition        the file as routes, integrations, answers and limits; `supported` says what is not here
server            HTTP: a request in, an answer out; `loiterers` closes idle connections
gateway           a request -> its answer, by what the definition says; with `routes`, `throttle`, `errors`
template          VTL, and the variables that a mapping template sees
kinesis           puts into the stream
workers           several processes on one port
"""
