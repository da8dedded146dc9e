"""The web app manifest and the operator's logo."""

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from chat.config.branding import Brand, Logo
from chat.web.files.static_files import FOR_EVER, StaticFile


def register(app: FastAPI, brand: Brand) -> None:
    """Serve `/manifest.webmanifest`."""

    @app.get("/manifest.webmanifest")
    async def manifest() -> JSONResponse:
        headers = {"Cache-Control": "max-age=3600"}
        return JSONResponse(brand.manifest(), 200, headers, "application/manifest+json")


def logo_files(logo: Logo) -> dict[str, StaticFile]:
    """Return the logo and its maskable form, by their paths, which change with the content."""
    return {f"/{picture.url}": _logo_file(picture) for picture in (logo, logo.maskable)}


def _logo_file(logo: Logo) -> StaticFile:
    # An SVG opened on its own must not run scripts either.
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
    return StaticFile(lambda: logo.content, logo.media_type, {**FOR_EVER, "Content-Security-Policy": policy})
