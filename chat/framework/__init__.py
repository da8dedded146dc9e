"""Everything that relies on the internals of NiceGUI, Socket.IO and uvicorn."""
