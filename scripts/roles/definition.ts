import type { FunctionFamily } from "./dangerous-functions.ts";

/** A setting that a role's sessions begin with, by its name in `alter role … set`. */
export type SessionSetting =
  | "statement_timeout"
  | "lock_timeout"
  | "idle_in_transaction_session_timeout"
  | "idle_session_timeout"
  | "default_transaction_read_only"
  | "jit"
  | "client_connection_check_interval"
  | "work_mem"
  | "temp_file_limit"
  | "max_parallel_workers_per_gather";

/** Those that only a superuser may give to a role. */
export const SUPERUSERS_SETTINGS: readonly string[] = ["temp_file_limit"] satisfies SessionSetting[];

/** A role that logs in. */
export interface LoginRole {
  name: string;
  kind: "login";
  /** Who it is, in one sentence. */
  purpose: string;
  /** How many connections it may have at once. */
  connectionLimit: number;
  /** As `alter role … set` keeps them: another way to write the same value counts as a difference. */
  settings: Partial<Record<SessionSetting, string>>;
  /** Settings that stay as they are if somebody else makes them; all others are reset. */
  settingsLeft?: string[];
  /** Groups whose rights it has; it is in no others. */
  memberOf: string[];
  /** Made only with `--with-owner`; kept as defined once it is there. */
  onRequest?: boolean;
}

/** A role that only holds rights for its members. */
export interface GroupRole {
  name: string;
  kind: "group";
  purpose: string;
}

/** A role that another one becomes where it is to read less: of what that one may read, what is in some schemas. */
export interface PartRole {
  name: string;
  kind: "part";
  purpose: string;
  /** Who becomes it. It does not inherit from it. */
  of: string;
  schemas: string[];
  /** Tables of other schemas which functions of these read as whoever calls; it may not name them. */
  beside: string[];
}

/** None of them may ever be a superuser, create databases or roles, replicate, or pass row security by. */
export type RoleDefinition = LoginRole | GroupRole | PartRole;

/** The roles of a database, and what is to be so in it. */
export interface DatabaseRoles {
  /** What `--database` and the budget call it. */
  product: string;
  roles: RoleDefinition[];
  schemas: string[];
  /** Of those, the ones no other product has: by one of them the command knows that it is in the right database. */
  telling: string[];
  /** Whether the budget counts its roles before they are there. */
  expected: boolean;
  /** Roles that change no row of anything. */
  readers?: string[];
  /** A schema that some of the roles may not look into. */
  hidden?: { schema: string; from: string[] };
  /** A group that reads and writes whatever is in the schemas; objects keep their owners. */
  writers?: { group: string; owner: string };
  /** Dangerous functions: whether they are taken from PUBLIC unasked, and which roles keep some. */
  functions: { revoked: "always" | "when asked"; kept: { family: FunctionFamily; roles: string[] }[] };
}

/** Those of the roles that log in. */
export const loginRoles = ({ roles }: DatabaseRoles): LoginRole[] =>
  roles.filter((role): role is LoginRole => role.kind === "login");

/** Those that others become to read less. */
export const partRoles = (roles: RoleDefinition[]): PartRole[] =>
  roles.filter((role): role is PartRole => role.kind === "part");
