"""A stand-in for API Gateway: serves deploy/openapi.yaml and puts into the Kinesis emulator.

    python -m local.front_door --port 8090 --kinesis-endpoint http://127.0.0.1:4566

definition      the file as routes, integrations, answers and limits
template        VTL, and the variables that a mapping template sees
mapping         parameter mapping: `method.response.header.X: "'*'"`
request, errors what goes through
gateway         a request -> its answer, by what the definition says
kinesis         puts into the stream
throttle        the stage's rate and burst
server          HTTP
"""
