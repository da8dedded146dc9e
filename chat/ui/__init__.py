"""The page: Python components over NiceGUI."""
