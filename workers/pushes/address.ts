import { PUSH_KINDS, type PushKind } from "../../shared/jimi/push/kinds.ts";

/** What the URL of a push says. */
export interface Address {
  /** Without the token. */
  path: string;
  kind: PushKind;
  /** The token that the path began with. */
  hasToken: boolean;
}

/** Where TAG devices' positions come (reference §3.3). */
const TAG_PATH = /\/api\/v1\/tag\/data\/push$/;

/** These have no path of their own. */
const WITHOUT_PATH: readonly PushKind[] = ["open_alarm", "open_instruction", "tag", "push_other"];

/** By the last segment of the path: what comes before it is whatever base the vendor was given. */
const BY_SEGMENT = new Map(
  PUSH_KINDS.filter((kind) => !WITHOUT_PATH.includes(kind)).map((kind) => [kind as string, kind]),
);

/** What the Open API calls its two pushes (reference §3.2). */
const BY_MSG_TYPE = new Map<string, PushKind>([
  ["jimi.push.device.alarm", "open_alarm"],
  ["jimi.open.instruction.raw.receive", "open_instruction"],
]);

/** No path of the vendor's is longer. */
const MAX_PATH_LENGTH = 200;

/**
 * Reads the path of a push: `/pushgps`, `/PushGps/`, `/<token>/pushgps`. Upper and lower case mean the same, a
 * slash at the end means nothing (reference §3.1).
 */
export function readAddress(pathname: string, isToken: (text: string) => boolean): Address {
  const segments = pathname.split("/").filter(Boolean);
  const hasToken = segments[0] !== undefined && isToken(segments[0]);
  const path = `/${segments.slice(hasToken ? 1 : 0).join("/")}`;
  return { path: path.slice(0, MAX_PATH_LENGTH), kind: kindOfPath(path), hasToken };
}

/** What a path is for; `push_other` for one that the vendor's documents do not name. */
export function kindOfPath(path: string): PushKind {
  const lower = path.toLowerCase().replace(/\/+$/, "");
  if (TAG_PATH.test(lower)) return "tag";
  return BY_SEGMENT.get(lower.slice(lower.lastIndexOf("/") + 1)) ?? "push_other";
}

/** What the items are, when the body names its type: the Open API's types win, others help an unknown path. */
export function refineKind(kind: PushKind, msgType: string | null): PushKind {
  if (msgType === null) return kind;
  const open = BY_MSG_TYPE.get(msgType.trim().toLowerCase());
  if (open) return open;
  return kind === "push_other" ? kindOfPath(`/${msgType.trim()}`) : kind;
}
