-- Loses the roads that maps show without a base map: they are made again from the positions of the last year. Nothing to do before.
drop table private.road_days;
drop table reporting.road_tiles;
delete from tracksolid.pipeline_jobs where job = 'roads';
