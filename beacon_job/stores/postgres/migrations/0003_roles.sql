-- Least rights: one role writes, one reads, neither owns anything. They get a password, or a member, from the
-- administrator (docs/postgres.md).

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'beacon_writer') THEN
        CREATE ROLE beacon_writer NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'beacon_reader') THEN
        CREATE ROLE beacon_reader NOLOGIN;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO beacon_writer, beacon_reader', current_schema);
END
$$;

-- INSERT ... ON CONFLICT DO UPDATE ... WHERE reads the row that is there.
GRANT SELECT, INSERT, UPDATE ON events, qoe, sessions TO beacon_writer;
GRANT SELECT ON events, qoe, sessions TO beacon_reader;
