"""HTTP routes besides the pages."""
