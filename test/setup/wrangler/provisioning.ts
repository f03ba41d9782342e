import { randomUUID } from "node:crypto";
import { flags, Refused, type StandInCommand, strings, table } from "./types.ts";

/** Queues are listed by so many; less than there are, so that somebody has to ask again. */
const PAGE = 2;

const hexId = () => randomUUID().replaceAll("-", "");

const origin = (values: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries({
      ...{ scheme: values["origin-scheme"], database: values.database, user: values["origin-user"] },
      service_id: values["service-id"],
    }).filter(([, value]) => value !== undefined),
  );

const hyperdriveOptions = {
  ...strings("service-id", "origin-scheme", "database", "origin-user", "origin-password"),
  ...strings("origin-connection-limit"),
  ...flags("caching-disabled"),
};

/** What the account has, and more of it. */
export const provisioning: Record<string, StandInCommand> = {
  "queues list": {
    options: strings("page"),
    run({ account, values }) {
      const page = Number(values.page ?? 1);
      return table(
        account.queues.slice((page - 1) * PAGE, page * PAGE).map(({ name }, index) => ({
          ...{
            id: String(index),
            name,
            created_on: "2026-01-01T00:00:00Z",
            modified_on: "2026-01-01T00:00:00Z",
          },
          ...{ producers: "0", consumers: "0" },
        })),
      );
    },
  },
  "queues create": {
    options: strings("message-retention-period-secs"),
    run({ account, values, positionals: [name = ""] }) {
      if (account.queues.some((queue) => queue.name === name))
        throw new Refused("A queue with that name exists");
      const seconds = values["message-retention-period-secs"];
      account.queues.push({ name, retentionS: seconds === undefined ? null : Number(seconds) });
      return `🌀 Creating queue '${name}'\n✅ Created queue '${name}'`;
    },
  },
  "r2 bucket list": {
    options: {},
    run: ({ account }) =>
      `Listing buckets...\n${account.buckets.map((name) => `name:           ${name}\ncreation_date:  2026-01-01T00:00:00Z`).join("\n\n")}`,
  },
  "r2 bucket create": {
    options: {},
    run({ account, positionals: [name = ""] }) {
      if (account.buckets.includes(name)) throw new Refused("The bucket you tried to create already exists");
      account.buckets.push(name);
      return `Creating bucket '${name}'...\n✅ Created bucket '${name}' with default storage class of Standard.`;
    },
  },
  "kv namespace list": { options: {}, run: ({ account }) => JSON.stringify(account.namespaces, null, "  ") },
  "kv namespace create": {
    options: {},
    run({ account, positionals: [title = ""] }) {
      if (account.namespaces.some((there) => there.title === title)) {
        throw new Refused(`A KV namespace with the title "${title}" already exists.`);
      }
      account.namespaces.push({ id: hexId(), title });
      return `🌀 Creating namespace with title "${title}"\n✨ Success!`;
    },
  },
  "hyperdrive list": {
    options: {},
    run: ({ account }) =>
      `📋 Listing Hyperdrive configs\n${table(
        account.pools.map((pool) => ({
          ...{ id: pool.id, name: pool.name, user: String(pool.origin.user ?? "") },
          ...{
            host: String(pool.origin.host ?? ""),
            port: String(pool.origin.port ?? ""),
            scheme: "PostgreSQL",
          },
          ...{
            database: String(pool.origin.database ?? ""),
            caching: pool.caching.disabled ? "disabled" : "enabled",
          },
          ...{ mtls: "", origin_connection_limit: String(pool.origin_connection_limit ?? "") },
        })),
      )}`,
  },
  "hyperdrive get": {
    options: {},
    run({ account, positionals: [id] }) {
      const pool = account.pools.find((there) => there.id === id);
      if (!pool) throw new Refused(`A request to the Cloudflare API (/hyperdrive/configs/${id}) failed.`);
      return JSON.stringify(pool, null, 2);
    },
  },
  "hyperdrive create": {
    options: hyperdriveOptions,
    run(call) {
      const {
        account,
        values,
        positionals: [name = ""],
      } = call;
      if (!values["origin-password"]) throw new Refused("Missing required option --origin-password.");
      refuseUnreachable(account, values["service-id"]);
      const id = hexId();
      account.pools.push({
        ...{ id, name, origin: origin(values), caching: { disabled: Boolean(values["caching-disabled"]) } },
        origin_connection_limit: Number(values["origin-connection-limit"]),
      });
      return `🚧 Creating '${name}'\n✅ Created new Hyperdrive PostgreSQL config: ${id}`;
    },
  },
  "hyperdrive update": {
    options: hyperdriveOptions,
    run({ account, values, positionals: [id] }) {
      const pool = account.pools.find((there) => there.id === id);
      if (!pool) throw new Refused(`A request to the Cloudflare API (/hyperdrive/configs/${id}) failed.`);
      if (values["service-id"]) {
        refuseUnreachable(account, values["service-id"]);
        pool.origin = origin(values);
      }
      if (values["caching-disabled"]) pool.caching = { disabled: true };
      const limit = values["origin-connection-limit"];
      if (limit) pool.origin_connection_limit = Number(limit);
      return `🚧 Updating '${id}'\n✅ Updated ${id} Hyperdrive config\n ${JSON.stringify(pool, null, 2)}`;
    },
  },
  "tunnel info": {
    options: {},
    run({ account, positionals: [asked] }) {
      const tunnel = account.tunnels.find(({ id, name }) => id === asked || name === asked);
      if (!tunnel) throw new Refused(`"${asked}" is neither the ID nor the name of any of your tunnels`);
      const { id, name, status } = tunnel;
      return `Getting tunnel details for "${asked}"\n\nTunnel Information:\n  ID: ${id}\n  Name: ${name}\n  Status: ${status}\n  Type: cfd_tunnel`;
    },
  },
  "tunnel create": {
    options: {},
    run({ account, positionals: [name = ""] }) {
      const tunnel = { id: randomUUID(), name, status: account.newTunnels };
      account.tunnels.push(tunnel);
      return `Creating tunnel "${name}"\nCreated tunnel.\nID: ${tunnel.id}\nName: ${name}`;
    },
  },
  "vpc service list": {
    options: {},
    run({ account }) {
      if (account.services.length === 0) return "📋 Listing VPC services\nNo VPC services found";
      return `📋 Listing VPC services\n${table(
        account.services.map(({ id, name, port, host, tunnelId }) => ({
          ...{
            id,
            name,
            type: "tcp",
            ports: `TCP:${port} (postgresql)`,
            host,
            tunnel: `${tunnelId.slice(0, 8)}...`,
          },
          ...{ created: "1/1/2026, 12:00:00 AM", modified: "1/1/2026, 12:00:00 AM" },
        })),
      )}`;
    },
  },
  "vpc service get": {
    options: {},
    run({ account, positionals: [id] }) {
      const service = account.services.find((there) => there.id === id);
      if (!service) throw new Refused(`A request to the Cloudflare API (/services/${id}) failed.`);
      return `🔍 Getting VPC service '${id}'\n✅ Retrieved VPC service: ${id}\n${detailsOf(service)}`;
    },
  },
  "vpc service create": {
    options: strings(
      ...[
        "type",
        "tcp-port",
        "app-protocol",
        "tunnel-id",
        "ipv4",
        "ipv6",
        "hostname",
        "cert-verification-mode",
      ],
    ),
    run({ account, values, positionals: [name = ""] }) {
      const tunnelId = values["tunnel-id"] ?? "";
      if (!account.tunnels.some(({ id }) => id === tunnelId)) throw new Refused("There is no such tunnel");
      const service = {
        ...{ id: randomUUID(), name, port: Number(values["tcp-port"]), tunnelId },
        host: values.ipv4 ?? values.ipv6 ?? values.hostname ?? "",
        verification: values["cert-verification-mode"] ?? "verify_full",
      };
      account.services.push(service);
      return `🚧 Creating VPC service '${name}'\n✅ Created VPC service: ${service.id}\n${detailsOf(service)}`;
    },
  },
};

type Account = Parameters<StandInCommand["run"]>[0]["account"];

const detailsOf = ({ name, port, host, tunnelId, verification }: Account["services"][number]): string =>
  [
    `   Name: ${name}\n   Type: tcp\n   TCP Port: ${port}\n   App Protocol: postgresql`,
    `   Cert Verification Mode: ${verification}`,
    `   ${/^[\d.]+$/.test(host) ? "IPv4" : "Hostname"}: ${host}\n   Tunnel ID: ${tunnelId}`,
  ].join("\n");

/** Cloudflare tries the database before it takes a configuration. */
function refuseUnreachable(account: Account, serviceId: string | undefined): void {
  const service = account.services.find(({ id }) => id === serviceId);
  const tunnel = account.tunnels.find(({ id }) => id === service?.tunnelId);
  if (tunnel?.status !== "healthy") {
    throw new Refused(
      "A request to the Cloudflare API (/hyperdrive/configs) failed.\n\n  Failed to connect to the provided database. [code: 2011]",
    );
  }
}
