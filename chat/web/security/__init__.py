"""The edge: what everything that comes from outside passes first, over HTTP and over sockets.

`SecurityMiddleware` is the outermost ASGI layer. It knows where a request really comes from, how much one address may ask for, what
a socket may say, and which headers every answer gets.
"""
