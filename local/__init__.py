"""The whole system on a laptop: `make run`, and what stands in for AWS.

run, stop       the programs
stack           what is started, in order, what is watched over, and how it ends
processes       child processes and ports
flink           a standalone cluster, and its REST interface
aws             the Kinesis emulator, and the tables in the stand-in
front_door      the stand-in for API Gateway, serving deploy/openapi.yaml
stores          which store it is: a face over the next two
postgres        this machine's own PostgreSQL
timestream      the stand-in for Amazon Timestream; needs nothing else of `local`
viewers         synthetic viewers; need nothing else of `local`
dead_letters    what could not be read or stored: a list, a page, and the way back
screen          what the terminal shows
web             the HTTP server of `make run`, and its pages
"""
