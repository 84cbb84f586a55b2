#!/usr/bin/env bash
# Builds jars/beacon-job-deps.jar: the Kinesis connector and what it needs, in one jar.
# Does nothing when the jar is newer than its recipe. `jars/build.sh --lock` writes checksums.sha256 anew.
set -euo pipefail
cd "$(dirname "$0")/.."

jar=jars/beacon-job-deps.jar
if [[ $# -eq 0 && $jar -nt jars/pom.xml && $jar -nt jars/checksums.sha256 && $jar -nt jars/maven.sha512 ]]; then
  exit 0
fi
if [[ ! -x .venv/bin/python ]]; then
  echo "no .venv, whose Python fetches Maven: make setup" >&2
  exit 1
fi
exec .venv/bin/python -m jars.build "$@"
