import { isIP } from "node:net";
import type { Pool } from "../roles/pools.ts";

/** A database as Hyperdrive is told of it. */
export interface Origin {
  /** As whoever runs the tunnel reaches it. */
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  /** How the certificate of the server is looked at, in wrangler's words. */
  verification: "verify_full" | "verify_ca" | "disabled";
}

/** Where the URL of a pool is. */
export const variableOf = ({ binding }: Pick<Pool, "binding">): string =>
  binding.replace("DB_", "DATABASE_URL_");

/** libpq's words for it; without one the certificate is verified. */
const VERIFICATION: Record<string, Origin["verification"]> = {
  "verify-full": "verify_full",
  "verify-ca": "verify_ca",
  require: "disabled",
};

/**
 * What a URL says. @throws where it is none, or not the role's; nothing of the URL is in the message but what its fault is
 */
export function readOrigin(pool: Pool, text: string): Origin {
  const variable = variableOf(pool);
  const url = URL.parse(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname || !url.password) {
    throw new Error(`${variable} has to be a URL: postgres://${pool.role}:password@host:5432/database`);
  }
  const user = decodeURIComponent(url.username);
  if (user !== pool.role) {
    throw new Error(`${variable} logs in as ${user || "nobody"}: it has to be the URL of ${pool.role}.`);
  }
  const mode = url.searchParams.get("sslmode") ?? "verify-full";
  const verification = VERIFICATION[mode];
  if (verification === undefined) {
    throw new Error(
      `${variable} says sslmode=${mode}: Hyperdrive wants TLS, so verify-full, verify-ca or require.`,
    );
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)),
    user,
    password: decodeURIComponent(url.password),
    verification,
  };
}

/** Name of the tunnel and the VPC service to a server: one of each, however many pools lead there. */
export const pathName = ({ host, port }: Pick<Origin, "host" | "port">): string =>
  `tracksolid-${host.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-${port}`;

/** The words of wrangler for where a server is. */
export function addressWords(host: string): string[] {
  const version = isIP(host);
  return version === 0 ? ["--hostname", host] : [`--ipv${version}`, host];
}
