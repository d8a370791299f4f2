-- After `n8n import:entities` into PostgreSQL: n8n 2.40.7 leaves the counters of its ids behind,
-- and then every new execution fails with "duplicate key". This sets each behind its highest id.
DO $$
DECLARE
	id_column record;
BEGIN
	FOR id_column IN
		SELECT format('%I.%I', n.nspname, s.relname) AS counter, t.oid::regclass AS rows, a.attname AS name
		FROM pg_class s
		JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
		JOIN pg_class t ON t.oid = d.refobjid
		JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
		JOIN pg_namespace n ON n.oid = s.relnamespace
		WHERE s.relkind = 'S'
	LOOP
		EXECUTE format(
			'SELECT setval(%L, max(%I)) FROM %s HAVING max(%I) IS NOT NULL',
			id_column.counter, id_column.name, id_column.rows, id_column.name
		);
	END LOOP;
END $$;
