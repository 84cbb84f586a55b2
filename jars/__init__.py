"""The connector's jar: what it is made of (pom.xml, checksums.sha256) and what builds it (build.sh)."""
