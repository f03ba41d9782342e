import type postgres from "postgres";

/** A role as the server has it. */
export interface ServerRole {
  name: string;
  login: boolean;
  inherits: boolean;
  connection_limit: number;
  /** Until when its password is good, as text; null is for good. */
  valid_until: string | null;
  /** Attributes nobody of ours may have, as `alter role` calls them. */
  powers: string[];
  settings: Record<string, string>;
  /** Settings that hold in this database only, and hide those. */
  overrides: string[];
  database: string;
  groups: Membership[];
}

/** A role may be in a group more than once, by different grantors, from PostgreSQL 16 on. */
export interface Membership {
  name: string;
  grantor: string;
  /** May make others members. */
  admin: boolean;
  /** Has the group's rights without asking for them; before PostgreSQL 16 all memberships of a role that inherits. */
  inherits: boolean;
  /** May ask for them; always so before PostgreSQL 16. */
  sets: boolean;
}

/** Those of the roles that are there. */
export const readRoles = (sql: postgres.TransactionSql, names: string[]) => sql<ServerRole[]>`
  select r.rolname as name, r.rolcanlogin as login, r.rolinherit as inherits, r.rolconnlimit as connection_limit,
    nullif(r.rolvaliduntil, 'infinity')::text as valid_until,
    array_remove(array[
      case when r.rolsuper then 'superuser' end, case when r.rolcreatedb then 'createdb' end,
      case when r.rolcreaterole then 'createrole' end, case when r.rolreplication then 'replication' end,
      case when r.rolbypassrls then 'bypassrls' end
    ], null) as powers,
    coalesce((
      select json_object_agg(split_part(c, '=', 1), substr(c, strpos(c, '=') + 1))
      from pg_db_role_setting s, unnest(s.setconfig) c where s.setrole = r.oid and s.setdatabase = 0
    ), '{}') as settings,
    array(
      select split_part(c, '=', 1) from pg_db_role_setting s, unnest(s.setconfig) c
      where s.setrole = r.oid and s.setdatabase = (select oid from pg_database where datname = current_database())
    ) as overrides,
    current_database() as database,
    coalesce((
      select json_agg(json_build_object(
        'name', g.rolname, 'grantor', pg_get_userbyid(m.grantor), 'admin', m.admin_option,
        -- Columns that PostgreSQL 15 has not.
        'inherits', coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true),
        'sets', coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
      ))
      from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid
    ), '[]') as groups
  from pg_roles r where r.rolname = any(${names})`;
