"""Repository tooling: specs to generated code, and API review. Never shipped."""
