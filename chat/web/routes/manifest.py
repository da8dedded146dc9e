"""The web app manifest and the operator's logo."""

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from chat.branding import Brand, Logo
from chat.web.security.headers import YEAR


def register(app: FastAPI, brand: Brand) -> None:
    """Serve `/manifest.webmanifest`, and the logo at its own path."""

    @app.get("/manifest.webmanifest")
    async def manifest() -> JSONResponse:
        headers = {"Cache-Control": "max-age=3600"}
        return JSONResponse(brand.manifest(), 200, headers, "application/manifest+json")

    if brand.logo:
        _serve_logo(app, brand.logo)
        _serve_logo(app, brand.logo.maskable)


def _serve_logo(app: FastAPI, logo: Logo) -> None:
    headers = {
        "Cache-Control": f"max-age={YEAR}, immutable",
        # An SVG opened on its own must not run scripts either.
        "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
    }

    @app.get(f"/{logo.url}")
    async def picture() -> Response:
        return Response(logo.content, 200, headers, logo.media_type)
