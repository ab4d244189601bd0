"""What the generated low-level clients share: requests, answers, models and the client that sends.

Each generated package gives these names on in its `types` and `client`; this package knows no document.
"""
