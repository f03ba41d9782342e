-- Loses nothing.

drop function private.remove_positions(timestamptz, integer);
