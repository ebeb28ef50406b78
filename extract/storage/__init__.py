"""Where files lie: paths and URLs, the output folder, its lock and its ledger."""
