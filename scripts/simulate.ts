import { once } from "node:events";
import { startSimulator } from "../test/simulator/server.ts";
import { DEFAULT_ACCOUNTS, type WorldOptions } from "../test/simulator/world/options.ts";
import { type Command, runFromTerminal } from "./command.ts";

const options = {
  port: { type: "string", default: "8700" },
  vehicles: { type: "string", default: "150" },
  seed: { type: "string", default: "1" },
  accounts: { type: "string", default: DEFAULT_ACCOUNTS.join(",") },
  "days-back": { type: "string", default: "0" },
  speed: { type: "string", default: "1" },
  roads: { type: "string" },
  "app-key": { type: "string", default: "DEMOAPPKEY000000000000000000000001" },
  "app-secret": { type: "string", default: "demo-secret-0123456789abcdef" },
  user: { type: "string" },
  password: { type: "string", default: "demo-password" },
  "token-lifetime-s": { type: "string", default: "7200" },
  "push-url": { type: "string" },
  "push-token": { type: "string" },
  "no-single-token": { type: "boolean", default: false },
} as const;

export const simulateCommand: Command<typeof options> = {
  help: `Stands in for Tracksolid Pro (Jimi IoT) on 127.0.0.1, for any client of it: a fleet drives, and what the vendor would
answer and push, quirks and errors with it, comes from here. No account and no database. Nothing is changed: all is in its memory, and gone with it.

  npm run simulate                                    prints its URL and credentials; Ctrl-C ends it
  npm run simulate -- --vehicles 1000 --days-back 30 --speed 500
  npm run simulate -- --push-url http://127.0.0.1:9000/pushes --push-token secret

  --port N              port, 0 = any free one (8700)
  --vehicles N          size of the fleet (150)
  --seed N              another seed, another fleet (1)
  --accounts A,B,C      the first is the login, the others lie below it (${DEFAULT_ACCOUNTS.join(",")})
  --days-back N         the fleet's clock begins N days ago (0) ...
  --speed F             ... and runs F times faster than time, until it has caught up (1)
  --roads FILE          GeoJSON lines that replace the built-in roads of the cities they are near
  --app-key KEY         (DEMOAPPKEY000000000000000000000001)
  --app-secret SECRET   (demo-secret-0123456789abcdef)
  --user NAME           login account (the first of --accounts)
  --password PASSWORD   (demo-password)
  --token-lifetime-s N  tokens live no longer than this (7200)
  --push-url URL        push everything there as it arrives, every 10 s
  --push-token TOKEN    sent with every push
  --no-single-token     a new token leaves older ones valid

Calls are posted to URL/route/rest as a form. sign is the MD5, in capitals, of the secret, name and value of every parameter in
the order of their names, and the secret again:

  secret=demo-secret-0123456789abcdef; md5=$(printf demo-password | md5sum | cut -c-32); now=$(date -u '+%F %T')
  text="app_keyDEMOAPPKEY000000000000000000000001expires_in7200formatjsonmethodjimi.oauth.token.getsign_methodmd5"
  text="\${text}timestamp\${now}user_id${DEFAULT_ACCOUNTS[0]}user_pwd_md5\${md5}v1.0"
  sign=$(printf %s "$secret$text$secret" | md5sum | cut -c-32 | tr a-f A-F)
  curl http://127.0.0.1:8700/route/rest -d app_key=DEMOAPPKEY000000000000000000000001 -d expires_in=7200 -d format=json \\
    -d method=jimi.oauth.token.get -d sign_method=md5 --data-urlencode "timestamp=$now" -d user_id=${DEFAULT_ACCOUNTS[0]} \\
    -d user_pwd_md5=$md5 -d v=1.0 -d sign=$sign

What can go wrong does when it is asked to: here its token ends before the next call, and pushes come twice, or are broken.

  world=http://127.0.0.1:8700/control/worlds/DEMOAPPKEY000000000000000000000001
  curl $world/faults -d '{"kind": "token-expired", "times": 1}'
  curl $world/pushes/follow -d '{"url": "http://127.0.0.1:9000/pushes", "duplicates": 0.1, "broken": 0.01}'

test/simulator/README.md has its methods, faults, pushes, holes and clocks.`,
  options,
  takes: (words) => words.length === 0,
  async run({ values, log, result }) {
    const simulator = await startSimulator({
      port: readPort(values.port),
      ...(values.roads === undefined ? {} : { roadsFile: values.roads }),
      worlds: [worldOf(values)],
    }).catch(refuse);
    const [world] = simulator.worlds;
    const control = `${simulator.url}/control/worlds/${world?.appKey}`;
    log(JSON.stringify(world, null, 2));
    log(`control door: ${control}`);
    result({ ...world, control });
    await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
    await simulator.close();
    return 0;
  },
};

/** A text of digits is a number; what else it is, the world refuses by its name. */
const read = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN);

function readPort(text: string): number {
  const port = read(text);
  if (Number.isInteger(port) && port <= 65_535) return port;
  throw new Error(`--port "${text}" is no port from 0 to 65535.`);
}

function worldOf(values: Record<string, string | boolean | undefined>): WorldOptions {
  const text = (name: string) => values[name] as string | undefined;
  const number = (name: string) => read(text(name) ?? "");
  return {
    seed: number("seed"),
    vehicles: number("vehicles"),
    accounts: (text("accounts") ?? "").split(",").map((account) => account.trim()),
    daysBack: number("days-back"),
    speed: number("speed"),
    tokenLifetimeS: number("token-lifetime-s"),
    singleToken: !values["no-single-token"],
    ...{
      appKey: text("app-key"),
      appSecret: text("app-secret"),
      user: text("user"),
      password: text("password"),
    },
    ...{ pushUrl: text("push-url"), pushToken: text("push-token") },
  } as WorldOptions;
}

function refuse(error: Error & { code?: string }): never {
  if (error.code === "EADDRINUSE")
    throw new Error(`${error.message}. Another --port, or 0 for any free one.`);
  // The world names its options as JSON does, the terminal otherwise.
  throw new Error(
    error.message.replace(
      /^"([a-zA-Z]+)"/,
      (_, name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    ),
  );
}

if (import.meta.main) await runFromTerminal(simulateCommand);
