"""The security layer: everything from outside passes it first, over HTTP and over WebSockets.

`SecurityMiddleware` is the outermost ASGI layer. It resolves the client's address behind trusted proxies, limits what
one address may ask for, validates what arrives over WebSockets, and adds security headers to every response.
"""
