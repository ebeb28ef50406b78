"""OCR engines: networks that find and read lines."""
