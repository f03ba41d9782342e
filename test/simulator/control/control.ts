import type { World } from "../world/world.ts";

/** A request to a world through the control door; `rest` is the path behind `/control/worlds/{appKey}/`. */
export interface ControlRequest {
  httpMethod: string;
  rest: string[];
  query: URLSearchParams;
  /** The parsed JSON body; {} when there was none. */
  body: Record<string, unknown>;
}

export interface ControlReply {
  status: number;
  body: unknown;
}

/** One resource of a world; undefined when it has nothing for this HTTP method and path. */
export type Resource = (
  world: World,
  request: ControlRequest,
) => ControlReply | undefined | Promise<ControlReply>;

/** Refuses control input with an HTTP status and a text that says what to do. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const badInput = (message: string): ControlError => new ControlError(400, message);

/** The fields of a body, none unknown. */
export function fieldsOf(body: Record<string, unknown>, known: readonly string[]): Record<string, unknown> {
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) throw badInput(`unknown field "${unknown}"; known are ${known.join(", ")}`);
  return body;
}

/** A finite number of at least `least`; undefined when absent. */
export function numberIn(fields: Record<string, unknown>, name: string, least: number): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value) || value < least) {
    throw badInput(`"${name}" must be a number${least > -Infinity ? ` of at least ${least}` : ""}`);
  }
  return value;
}

/** A text that is not empty; undefined when absent. */
export function textIn(fields: Record<string, unknown>, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value === "") throw badInput(`"${name}" must be a text that is not empty`);
  return value;
}
