"""Where the tests find the project and its cases, wherever a test lives."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases"
CAPTURES = CASES / "captures"
CAPTURES_LATER = CASES / "captures_later"
CAPTURES_VERSIONS = CASES / "captures_versions"
