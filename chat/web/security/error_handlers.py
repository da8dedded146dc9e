"""Answer missing pages and failures with one line, instead of the pages that NiceGUI builds for them."""

from fastapi import FastAPI, Request

from chat.web.security.responses import NOT_FOUND, SERVER_ERROR, PlainResponse


def register_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(404)
    async def not_found(request: Request, error: Exception) -> PlainResponse:
        return NOT_FOUND

    @app.exception_handler(Exception)
    async def server_error(request: Request, error: Exception) -> PlainResponse:
        return SERVER_ERROR  # `SecurityMiddleware` logs it
