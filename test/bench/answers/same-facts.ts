/** Figures are rounded in another place. */
const ROUNDED = 1.01e-4;

interface Feature {
  properties: { kind: string; coordTimes?: string[]; from?: string; to?: string };
}

/** @throws where two answers do not tell the same; `next` and the order of keys may differ. */
export function expectSameFacts(what: string, ours: string, theirs: string): void {
  const [a, b] = [ours, theirs].map((text) => factsOf(JSON.parse(text)));
  const different = difference(a, b, "");
  if (different !== null) throw new Error(`${what}: the stand-in tells something else: ${different}`);
}

/** A long line is several of ours, each beginning where the one before ends: of tracks fixes and stops are compared. */
function factsOf(answer: { features?: Feature[] }): unknown {
  if (!answer.features?.some(({ properties }) => "kind" in properties)) return answer;
  const times = answer.features.flatMap(({ properties }) => properties.coordTimes ?? []);
  return {
    times: [...new Set(times)].sort(),
    stops: answer.features.filter(({ properties }) => properties.kind === "stop"),
  };
}

function difference(a: unknown, b: unknown, path: string): string | null {
  if (typeof a === "number" && typeof b === "number") {
    return Math.abs(a - b) <= ROUNDED * Math.max(1, Math.abs(a)) ? null : `${path}: ${a}, ${b}`;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return a === b ? null : `${path}: ${JSON.stringify(a)}, ${JSON.stringify(b)}`;
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (path === "" && key === "next") continue;
    const found = difference(left[key], right[key], `${path}/${key}`);
    if (found !== null) return found;
  }
  return null;
}
