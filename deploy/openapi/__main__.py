"""`python -m deploy.openapi FILE`: checks it for API Gateway, and writes it as API Gateway imports it."""

import argparse
import json
import sys
from pathlib import Path

from deploy.openapi.check import problems
from deploy.openapi.document import EXAMPLE, DocumentError, filled, read, requiring_key


def main() -> int:
    """Parse the command line, check, write; 1 when there is a problem, 2 when the file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m deploy.openapi", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="such as deploy/openapi.yaml")
    parser.add_argument("--out", type=Path, metavar="JSON", help="write it as `import-rest-api` takes it")
    parser.add_argument("--region", help="where the API and the stream are; needed with --out")
    parser.add_argument("--role-arn", help="a role that may put records into the stream; needed with --out")
    parser.add_argument("--partition", help="aws unless it is another, such as aws-cn")
    parser.add_argument("--api-key", action="store_true", help="beacons need an API key of a usage plan")
    options = parser.parse_args()
    if options.out and not (options.region and options.role_arn):
        parser.error("--out needs --region and --role-arn")
    given = {
        "AWS::Partition": options.partition,
        "AWS::Region": options.region,
        "FrontDoorRoleArn": options.role_arn,
    }
    parameters = {**EXAMPLE, **{name: value for name, value in given.items() if value}}
    try:
        document = filled(read(options.file), parameters)
    except DocumentError as error:
        print(f"{error}.", file=sys.stderr)
        return 2
    if options.api_key:
        document = requiring_key(document)
    found = problems(document)
    for problem in found:
        print(f"{problem}.", file=sys.stderr)
    if found:
        return 1
    if options.out:
        options.out.write_text(json.dumps(document, indent=1) + "\n")
    print(f"{options.file}: nothing in it that API Gateway would refuse.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
