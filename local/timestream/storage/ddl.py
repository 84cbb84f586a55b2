"""The tables inside the SQLite file.

`records` holds one row per record: time in ns, version, measures as a JSON object of typed values.
Its series (dimensions as a JSON object, measure name) stands once in `series`, the type of every column
once in `columns`. Rows lie in the order table, time: a time range is one contiguous scan, retention one
contiguous delete. A query engine reads a time range from `row` (the view that joins the two) and makes
columns of it by `columns`, which knows them all: the dimensions (VARCHAR), `measure_value::<type>` of
single-measure records, and the names inside MULTI records.
"""

TABLES = """
CREATE TABLE IF NOT EXISTS databases (
  name TEXT PRIMARY KEY, created REAL NOT NULL, updated REAL NOT NULL, kms_key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tables (
  id INTEGER PRIMARY KEY AUTOINCREMENT, database TEXT NOT NULL, name TEXT NOT NULL, facts TEXT NOT NULL,
  counters TEXT NOT NULL, UNIQUE (database, name));
CREATE TABLE IF NOT EXISTS columns (
  table_id INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
  PRIMARY KEY (table_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS measure_names (
  table_id INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
  PRIMARY KEY (table_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS series (
  id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, dimensions TEXT NOT NULL, measure_name TEXT NOT NULL,
  newest_ns INTEGER NOT NULL, UNIQUE (table_id, dimensions, measure_name));
CREATE TABLE IF NOT EXISTS records (
  table_id INTEGER NOT NULL, time_ns INTEGER NOT NULL, series_id INTEGER NOT NULL, version INTEGER NOT NULL,
  measures TEXT NOT NULL, PRIMARY KEY (table_id, time_ns, series_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tags (
  arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS row AS
  SELECT records.table_id, time_ns, version, dimensions, measure_name, measures
  FROM records JOIN series ON series.id = records.series_id;
"""
