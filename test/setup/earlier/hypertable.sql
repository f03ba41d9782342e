-- Where TimescaleDB is. known: position_history is a hypertable of some 31 chunks; guess: of a day each.
select create_hypertable('tracksolid.position_history', 'gps_time', chunk_time_interval => interval '1 day', create_default_indexes => false);
