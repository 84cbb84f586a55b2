#!/usr/bin/env bash
# Changes one room of the job at random, one place at a time, and counts what the room's own tests notice.
# `tests/mutants.sh ROOM [SAMPLE] [SEED]`: as many changes as SAMPLE (200) says, the same ones for the same SEED (1).
# Works on a copy of what is committed. Not part of `make test`: a change costs one run of the room's tests.
set -euo pipefail
cd "$(dirname "$0")/.."

room=${1:?usage: tests/mutants.sh ROOM [SAMPLE] [SEED]}
sample=${2:-200}
seed=${3:-1}
if [[ ! -d beacon_job/$room || ! -d tests/$room ]]; then
  echo "found no beacon_job/$room with tests/$room; allowed are $(cd tests && echo */ | tr -d /)" >&2
  exit 2
fi
project=$PWD
tools=$project/.beacon/tools/cosmic-ray
if [[ ! -x $tools/bin/cosmic-ray ]]; then
  python3.11 -m venv "$tools"
  "$tools/bin/pip" install --quiet cosmic-ray==8.7.0
fi
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git archive HEAD | tar -x -C "$copy"
ln -s "$project/.venv" "$copy/.venv"
cd "$copy"
tests=".venv/bin/python -m pytest -q -x -p no:cacheprovider --hypothesis-profile=mutants -m 'not flink' tests/$room"
SECONDS=0
eval "$tests" >/dev/null || { echo "tests/$room fails unchanged: make it pass first" >&2; exit 1; }
cat >mutants.toml <<TOML
[cosmic-ray]
module-path = "beacon_job/$room"
timeout = $((SECONDS * 5 + 30)).0  # one that never ends counts as noticed, one on a busy machine must not
excluded-modules = []
test-command = "$tests"
[cosmic-ray.distributor]
name = "local"
TOML
"$tools/bin/cosmic-ray" init mutants.toml mutants.sqlite
"$tools/bin/python" - "$sample" "$seed" <<'PYTHON'
import random, sqlite3, sys

sample, seed = map(int, sys.argv[1:])
no_difference = ("_Eq_Is", "_Is_Eq", "_NotEq_IsNot", "_IsNot_NotEq")  # small numbers, enums, own constants
with sqlite3.connect("mutants.sqlite") as session:
    jobs = sorted(
        (row for row in session.execute("SELECT module_path, operator_name, occurrence, job_id FROM mutation_specs")),
    )
    changes = [job for job in jobs if not job[1].endswith(no_difference)]
    kept = {job[-1] for job in random.Random(seed).sample(changes, min(sample, len(changes)))}
    for *_, job in jobs:
        if job not in kept:
            session.execute("DELETE FROM mutation_specs WHERE job_id = ?", (job,))
            session.execute("DELETE FROM work_items WHERE job_id = ?", (job,))
PYTHON
"$tools/bin/cosmic-ray" exec mutants.toml mutants.sqlite
"$tools/bin/cr-report" --show-diff --surviving-only mutants.sqlite
