-- Partitions by day: made ahead, and dropped when they are older than is kept. Safe while rows are written.

CREATE FUNCTION maintain_days(parent regclass, keep_days integer, ahead_days integer DEFAULT 7)
RETURNS TABLE (done text)
LANGUAGE plpgsql
SET search_path FROM CURRENT
SET lock_timeout = '5s'
SET timezone = 'UTC'
AS $$
DECLARE
    today CONSTANT date := current_date;
    oldest CONSTANT date := today - keep_days;
    spare CONSTANT text := format('%I', parent::text || '_default');
    day date;
    name text;
    moved bigint;
BEGIN
    -- One at a time: two would make the same partition.
    PERFORM pg_advisory_xact_lock(parent::oid::bigint);

    EXECUTE format('DELETE FROM %s WHERE time < %L', spare, oldest);
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved > 0 THEN
        done := format('%s rows before %s deleted from %s', moved, oldest, spare);
        RETURN NEXT;
    END IF;

    FOR day IN EXECUTE format(
        'SELECT generate_series(%L::date - 1, %L::date + %s, interval ''1 day'')::date'
        ' UNION SELECT time::date FROM %s ORDER BY 1',
        today, today, ahead_days, spare
    ) LOOP
        name := format('%I', parent::text || to_char(day, '_YYYYMMDD'));
        CONTINUE WHEN day < oldest OR to_regclass(name) IS NOT NULL;
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', spare);
        EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL)', name, parent);
        EXECUTE format(
            'WITH moved AS (DELETE FROM %s WHERE time >= %L AND time < %L RETURNING *)'
            ' INSERT INTO %s SELECT * FROM moved',
            spare, day, day + 1, name
        );
        GET DIAGNOSTICS moved = ROW_COUNT;
        EXECUTE format(
            'ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', parent, name, day, day + 1
        );
        done := format('%s made, %s rows moved there', name, moved);
        RETURN NEXT;
    END LOOP;

    FOR name IN
        SELECT inhrelid::regclass::text FROM pg_inherits
        WHERE inhparent = parent
          AND to_date(substring(inhrelid::regclass::text FROM '_(\d{8})"?$'), 'YYYYMMDD') < oldest
    LOOP
        EXECUTE format('DROP TABLE %s', name);
        done := format('%s dropped', name);
        RETURN NEXT;
    END LOOP;
END
$$;

REVOKE ALL ON FUNCTION maintain_days FROM PUBLIC;
