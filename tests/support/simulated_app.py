"""The whole app as NiceGUI's simulated users run it, without an HTTP server."""

from chat.app import create_app
from chat.config.settings import Settings
from chat.logs import log_config

settings = Settings.from_environment()
log_config.configure(settings.log_level)
print(*create_app(settings).greet("http://test"), sep="\n")
