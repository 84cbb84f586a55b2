"""What Managed Service for Apache Flink runs: the file named `python` in the run options."""

import sys

from beacon_job.main import main

if __name__ == "__main__":
    sys.exit(main())
