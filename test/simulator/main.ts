import { parseArgs } from "node:util";
import { type SimulatorOptions, startSimulator } from "./server.ts";
import { DEFAULT_ACCOUNTS } from "./world/options.ts";

const HELP = `Tracksolid Pro (Jimi IoT) stand-in on 127.0.0.1.

  node test/simulator/main.ts [options]

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
  --help

Make more worlds with POST /control/worlds; see README.md.`;

function readOptions(): SimulatorOptions | undefined {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
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
      "single-token": { type: "boolean", default: true },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    port: Number(values.port),
    roadsFile: values.roads,
    worlds: [
      {
        seed: Number(values.seed),
        vehicles: Number(values.vehicles),
        accounts: values.accounts.split(",").map((account) => account.trim()),
        daysBack: Number(values["days-back"]),
        speed: Number(values.speed),
        appKey: values["app-key"],
        appSecret: values["app-secret"],
        user: values.user,
        password: values.password,
        tokenLifetimeS: Number(values["token-lifetime-s"]),
        singleToken: values["single-token"],
        pushUrl: values["push-url"],
        pushToken: values["push-token"],
      },
    ],
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    console.log(HELP);
    return;
  }
  const simulator = await startSimulator(options);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      simulator.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  console.log(JSON.stringify(simulator.worlds[0], null, 2));
  console.log(`control door: ${simulator.url}/control/worlds/${simulator.worlds[0]?.appKey}`);
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\nTry --help.`);
  process.exitCode = 1;
});
