"""From published documents to generated clients."""
