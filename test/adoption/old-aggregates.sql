-- Where TimescaleDB is. known: the hypertable, some 31 chunks, the name of the continuous aggregate, and that it summed what it should not.
select create_hypertable('tracksolid.position_history', 'gps_time', chunk_time_interval => interval '1 day', create_default_indexes => false);
