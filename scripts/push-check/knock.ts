import { newId } from "../../shared/ids.ts";
import { vendorTime } from "../../shared/jimi/request.ts";
import { nowMs } from "../../shared/time.ts";
import { unansweredBy } from "../api/complaint.ts";
import { fine, type Line, wrong } from "../api/line.ts";

/** The vendor gives up after some time, too. */
const PATIENCE_MS = 30_000;

const PATH = "/pushgps";

/** What the door says of three pushes, and the receipt of the one that it took. */
export interface Knocked {
  lines: Line[];
  receipt: string | null;
}

/** Pushes without a token, with a wrong one and with the right one, as the vendor does. @throws where nothing answers */
export async function knock(door: string, token: string, imei: string): Promise<Knocked> {
  const body = bodyOf(imei);
  const without = await push(door, PATH, body);
  const mistaken = await push(door, `/${newId()}${PATH}`, body);
  const right = await push(door, `/${token}${PATH}`, body);
  const isTaken = right.status === 200 && right.code === 0 && right.receipt !== null;
  return {
    lines: [
      refusal("without a token ", without),
      refusal("with a wrong one", mistaken),
      isTaken
        ? fine(`with PUSH_TOKEN   taken (200), receipt ${right.receipt}`)
        : wrong(`with PUSH_TOKEN   ${whyNot(door, right)}`),
    ],
    receipt: isTaken ? right.receipt : null,
  };
}

/**
 * The form that was observed (reference §3.1, E1), with all fields of a position but the position: a device that has none sends
 * 0,0, of which nothing is kept (quirk 17). Sent again by the device (`gpsMode` 1), it does not say that the device is there now.
 */
function bodyOf(imei: string): string {
  const at = vendorTime(nowMs());
  const place = { lat: 0, lng: 0, satelliteNum: 0, gpsSpeed: 0, direction: 0, postType: 1 };
  const item = { deviceImei: imei, gpsTime: at, gateTime: at, gpsMode: 1, ...place };
  return new URLSearchParams({ msgType: "pushgps", data: JSON.stringify([item]) }).toString();
}

interface Answer {
  status: number;
  /** As the vendor reads it; null where the answer is not of a push door. */
  code: number | null;
  said: string | null;
  receipt: string | null;
}

async function push(door: string, path: string, body: string): Promise<Answer> {
  const response = await fetch(door + path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((error: Error) => {
    throw new Error(unansweredBy(door, error));
  });
  const answer = (await response.json().catch(() => null)) as { code?: unknown; msg?: unknown } | null;
  return {
    status: response.status,
    code: typeof answer?.code === "number" ? answer.code : null,
    said: typeof answer?.msg === "string" ? answer.msg : null,
    receipt: response.headers.get("x-receipt"),
  };
}

function refusal(how: string, { status, code, said }: Answer): Line {
  if (code === null) return wrong(`${how}  answered ${status}, but not as the push door does`);
  if (status === 401) return fine(`${how}  refused (401)`);
  if (status === 200) return wrong(`${how}  taken: anybody may push. Set PUSH_TOKENS (docs/pushes.md)`);
  return wrong(`${how}  answered ${status}: ${said}`);
}

function whyNot(door: string, { status, code, said }: Answer): string {
  if (code === null) {
    return `answered ${status}, but not as the push door does: is ${new URL(door).host} in PUSH_HOSTS, with its route?`;
  }
  if (status === 401) return "refused (401): the environment's PUSH_TOKENS does not have it";
  return `answered ${status}: ${said}`;
}
