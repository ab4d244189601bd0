# Generated from specs/beta/openapi.yaml; do not edit. `make regenerate` writes it anew.
"""Errors of the low-level client."""


class UnexpectedStatus(Exception):
    """An answer with a status that the document does not declare, for a client that asks to be told.

    Its text holds nothing of the answer, which may be what people wrote; `content` does.
    """

    def __init__(self, status_code: int, content: bytes) -> None:
        self.status_code = status_code
        self.content = content
        super().__init__(f"the document declares no status {status_code} for this operation")
