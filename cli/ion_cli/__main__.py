"""`python -m ion_cli`, the same program as `ion`."""

import sys

from ion_cli.program import main

sys.exit(main())
