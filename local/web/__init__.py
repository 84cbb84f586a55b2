"""The pages of `make run`: one HTTP server, and the routes that are served on it.

A page is a function that returns aiohttp routes (`health_routes`, `player_routes`); `local.run` hands all of
them to one `WebServer`.
"""

from local.web.health import Report, health_routes
from local.web.own_page import error_answer, guarded
from local.web.player import player_routes
from local.web.server import WebServer

__all__ = ["Report", "WebServer", "error_answer", "guarded", "health_routes", "player_routes"]
