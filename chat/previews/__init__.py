"""Previews of links: pages of the public web, fetched and read without trusting them."""
