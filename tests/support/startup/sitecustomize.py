"""Python runs this first in the processes that tests start, if the documents demand options of lists."""

import re
import sys

# pytest must be the first to import the library, which is a plugin of it; our conftest does the same then.
if not any(re.search(r"^pytest$|^import .*\bpytest\b", each, re.MULTILINE) for each in sys.orig_argv):
    from published import make_options_optional

    make_options_optional()
