"""The board: the dashboards of deploy/grafana, drawn in the browser over the local store.

dashboards   the JSON files, and what of them is asked for      (pure, but for reading the files)
interval     how wide a bucket is, as Grafana works it out      (pure)
source       a store as a data source: the protocol
timestream   the first one
postgres     the second
routes       the page, its files and its data over HTTP
page         HTML, CSS and ES modules
"""

from local.board.postgres import PostgresSource
from local.board.routes import board_routes
from local.board.source import Source, SourceError
from local.board.timestream import TimestreamSource

__all__ = ["PostgresSource", "Source", "SourceError", "TimestreamSource", "board_routes"]
