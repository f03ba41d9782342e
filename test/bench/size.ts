import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { interleave, median, medianRatio } from "./measure.ts";
import type { Line } from "./report.ts";

const SECTION = "The Worker, minified, beside a Worker of Hono alone";
const LARGEST_KIB = 1024;
const ROUNDS = { warmUp: 1, rounds: 7 };

interface Bundle {
  file: string;
  /** Its script: what is parsed when it starts. */
  scriptKib: number;
  /** With its SQL, which is text beside the script. */
  kib: number;
  gzipKib: number;
}

/** Weighs the Worker and times the start of its module. */
export async function measureSize(): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-bench-"));
  try {
    const product = await bundle("wrangler.toml", join(folder, "product"));
    const hono = await bundle("test/bench/hono-only/wrangler.toml", join(folder, "hono"));
    const startUps = await interleave(
      { product: () => startUpMs(product), hono: () => startUpMs(hono) },
      ROUNDS,
    );
    return [
      {
        section: SECTION,
        what: "size of the script",
        value: product.scriptKib,
        measured: `${product.scriptKib.toFixed(0)} KiB`,
        bound: `≤ ${LARGEST_KIB} KiB`,
        holds: product.scriptKib <= LARGEST_KIB,
        figures: `with its SQL ${product.kib.toFixed(0)} KiB, gzip ${product.gzipKib.toFixed(0)} KiB; Hono alone ${hono.kib.toFixed(0)} KiB, gzip ${hono.gzipKib.toFixed(0)} KiB`,
      },
      {
        section: SECTION,
        what: "start-up CPU (`wrangler check startup`, active)",
        ...startUpFigures(startUps.product, startUps.hono),
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Beside Hono alone, where that takes any time that can be measured. */
export function startUpFigures(
  product: readonly number[],
  hono: readonly number[],
): Pick<Line, "value" | "measured" | "figures"> {
  const ms = median(product);
  if (hono.includes(0)) {
    return { value: ms, measured: `${ms.toFixed(0)} ms`, figures: "Hono alone less than can be measured" };
  }
  const ratio = medianRatio(product, hono);
  return {
    ...{ value: ratio, measured: `${ratio.toFixed(1)} ×` },
    figures: `${ms.toFixed(0)} ms against ${median(hono).toFixed(0)} ms`,
  };
}

/** Bundles a Worker as a deployment would. */
async function bundle(config: string, folder: string): Promise<Bundle> {
  const file = join(folder, "worker.bundle");
  const output = await wrangler(
    ...["deploy", "--dry-run", "--minify", "--env", "", "--config", config],
    ...["--outdir", folder, "--outfile", file],
  );
  const [, kib, gzipKib] = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(output) ?? [];
  if (kib === undefined) throw new Error(`wrangler named no size:\n${output}`);
  const names = await readdir(folder);
  const script = names.find((name) => name.endsWith(".js"));
  if (script === undefined) throw new Error(`There is no script among ${names}`);
  const { size } = await stat(join(folder, script));
  return { file, scriptKib: size / 1024, kib: Number(kib), gzipKib: Number(gzipKib) };
}

/** CPU that a fresh isolate of the local workerd spends until the module is ready. */
async function startUpMs({ file }: Bundle): Promise<number> {
  const output = await wrangler("check", "startup", "--worker", file, "--outfile", `${file}.cpuprofile`);
  const active = /Active: ([\d.]+) ms/.exec(output)?.[1];
  if (active === undefined) throw new Error(`wrangler named no start-up time:\n${output}`);
  return Number(active);
}

async function wrangler(...options: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["node_modules/wrangler/bin/wrangler.js", ...options],
    { env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "log" } },
  );
  return stdout;
}
