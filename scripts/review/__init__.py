"""API version review: what a new version of a spec does to the wire, to generated code and to the overlay."""
