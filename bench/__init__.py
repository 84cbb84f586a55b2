"""What a beacon costs, measured on this machine with the whole job on a real cluster; `python -m bench`.

sections    what is measured, a module per part of docs/performance.md
versions    the job of this checkout, and another version of it to compare with
lab         the emulator, the stand-in and the cluster that a job runs on
traffic     what is sent
stages      the job's stages in this process, for rows soon
panels      the panels of the dashboards, as Grafana asks for them
posting     many clients that post at once; framing: the HTTP they speak
null_kinesis  a Kinesis that takes everything at once and keeps nothing
posts       what a viewer-hour posts, and what that costs
watching    one job, looked at while it works
usage       what the operating system tells of its processes
accounting  from what was seen to figures       (pure)
report      from figures to tables              (pure)
machine     what the figures were measured on
"""
