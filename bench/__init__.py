"""What a beacon costs: CPU by stage, money, memory and time, measured on this machine; `python -m bench`.

traffic, crowd      what is sent
lab, run, usage     the stack it is sent through, and what the operating system tells of it
in_process          the job's own operators in this process
boto3_store, naive  what ours is compared with
jobs                programs that are submitted in place of the job
accounting, report  from samples to figures to a page         (pure)
sections            what is measured, a module per section of docs/performance.md
"""
