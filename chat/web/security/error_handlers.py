"""Answer missing pages and failures as the security layer does, instead of with the pages that NiceGUI builds."""

from fastapi import FastAPI, HTTPException, Request

from chat.web.security.responses import NOT_FOUND, SERVER_ERROR, PlainResponse, not_allowed


def register_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(404)
    async def not_found(request: Request, error: Exception) -> PlainResponse:
        return NOT_FOUND

    @app.exception_handler(405)
    async def wrong_method(request: Request, error: HTTPException) -> PlainResponse:
        return not_allowed((error.headers or {}).get("Allow", ""))

    @app.exception_handler(Exception)
    async def server_error(request: Request, error: Exception) -> PlainResponse:
        return SERVER_ERROR  # `SecurityMiddleware` logs it
