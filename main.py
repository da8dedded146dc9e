"""Run the chat: `python main.py`. Other commands for operators are in `USAGE`."""

import os
import sys

from chat.app import create_app
from chat.config.settings import Settings
from chat.domain.errors import StartupError
from chat.logs import log_config
from chat.subcommands.copy_files import copy_files
from chat.subcommands.reset_password import reset_password
from chat.web.memory import freeze_startup_heap
from chat.web.security.connections.connection_limits import ConnectionLimits, raise_file_limit
from chat.web.server import Server, check_port, local_url

USAGE = "usage: python main.py [reset-password NAME | copy-files to-bucket | copy-files to-folder]"


def main(*arguments: str) -> None:
    """Run the command in `arguments`; without one, serve the chat."""
    os.umask(0o077)  # only the owner may read the files written, such as the history and the sessions
    settings = Settings.from_environment()
    log_config.configure(settings.log_level)
    match arguments:
        case ():
            serve(settings)
        case ("reset-password", *words) if words:
            for line in reset_password(settings, " ".join(words), chat_url(settings)):
                print(line)
        case ("copy-files", "to-bucket" | "to-folder" as direction):
            for line in copy_files(settings, direction):
                print(line)
        case _:
            raise StartupError(USAGE)


def serve(settings: Settings) -> None:
    """Serve the chat until the process is asked to stop."""
    check_port(settings.host, settings.port)
    app = create_app(settings)

    def on_started() -> None:
        for line in app.greet(chat_url(settings)):
            print(line, flush=True)
        freeze_startup_heap()

    Server(
        app.asgi,
        settings.host,
        settings.port,
        limits=ConnectionLimits(raise_file_limit(), is_behind_proxy=settings.trusted_hops > 0),
        on_started=on_started,
        announce_shutdown=app.announce_restart,
    ).run()


def chat_url(settings: Settings) -> str:
    """Return the public URL or, if it isn't set, the one to open on this machine."""
    return settings.public_url or local_url(settings.host, settings.port) + settings.root_path


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except StartupError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
