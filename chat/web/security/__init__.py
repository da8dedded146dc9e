"""The security layer: everything from outside passes it first, over HTTP and over WebSockets.

`SecurityMiddleware` is the outermost ASGI layer. It resolves the client's address behind trusted proxies, limits the
requests of each address, validates WebSocket frames, and adds security headers to every response.
"""
