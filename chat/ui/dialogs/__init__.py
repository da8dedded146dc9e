"""Everything that opens in the page's one dialog."""
