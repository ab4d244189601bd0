"""The spec differ: two OpenAPI documents in, one finding per cause out.

A changed component is compared once for each way that it is reached, and reported once: its finding lists every operation
it reaches, and in which direction. A request may widen and a response may narrow; the other way round breaks.

Its parts, each with one subject: `documents` (the whole), `operations` (parameters, bodies, answers), `security`, `lifecycle`
(deprecation, stability), and for schemas `comparing` (which are compared with which), `schema_differ`, `properties`, `keywords`,
`unions`. They read schemas through `schemas.view`, and write notes with `recorder`.
"""

from scripts.differ.documents import Differ
from scripts.differ.findings import PYTHON, VERDICTS, WIRE, Finding, worst
from scripts.differ.references import BadDocumentError, BadReferenceError, DifferError, escaped

__all__ = [
    "PYTHON",
    "VERDICTS",
    "WIRE",
    "BadDocumentError",
    "BadReferenceError",
    "Differ",
    "DifferError",
    "Finding",
    "escaped",
    "worst",
]
