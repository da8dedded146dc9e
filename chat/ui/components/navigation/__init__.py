"""The bar, the menu and the sidebar."""
