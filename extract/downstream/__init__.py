"""What becomes of records: databases, tables, searchable scans, figures."""
