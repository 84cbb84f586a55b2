"""Records past their table's retention vanish, in steps small enough to serve requests between them."""

from local.timestream.storage.sqlite import Storage
from local.timestream.storage.table import Table

_ROWS_PER_STEP = 20_000


def sweep_step(storage: Storage, table: Table, now_ns: int) -> bool:
    """Delete some of what is too old at `now_ns`; False if nothing was left to delete."""
    horizon_ns = table.facts.retention.kept_from_ns(now_ns)
    sql = "SELECT time_ns FROM records WHERE table_id=? AND time_ns<? ORDER BY time_ns LIMIT 1 OFFSET ?"
    if storage.connection.execute(sql, (table.id, horizon_ns, 0)).fetchone() is None:
        return False
    later = storage.connection.execute(sql, (table.id, horizon_ns, _ROWS_PER_STEP)).fetchone()
    storage.delete_before(table, later[0] + 1 if later else horizon_ns)
    if not later:
        storage.forget_series_before(table, horizon_ns)
    return True
