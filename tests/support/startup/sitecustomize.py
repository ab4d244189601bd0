"""Python runs this first in the processes that tests start, if the documents demand options of lists."""

from published import make_options_optional

make_options_optional()
