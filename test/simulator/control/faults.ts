import { FAULT_KINDS, type FaultKind } from "../world/faults.ts";
import { badInput, ControlError, fieldsOf, numberIn, type Resource, textIn } from "./control.ts";

const isKind = (value: unknown): value is FaultKind => FAULT_KINDS.some((kind) => kind === value);

/** `POST`, `GET`, `DELETE …/faults` and `DELETE …/faults/{id}`. */
export const faults: Resource = (world, { httpMethod, rest, body }) => {
  const [, id] = rest;
  if (rest.length > 2) return undefined;
  if (httpMethod === "DELETE" && id !== undefined) {
    if (!world.faults.remove(id))
      throw new ControlError(404, `no fault ${id}; it may be used up. GET …/faults lists them`);
    return { status: 200, body: { removed: id } };
  }
  if (id !== undefined) return undefined;
  switch (httpMethod) {
    case "GET":
      return { status: 200, body: world.faults.list() };
    case "DELETE":
      world.faults.clear();
      return { status: 200, body: { cleared: true } };
    case "POST": {
      const { kind, ...fault } = faultIn(body);
      return { status: 201, body: { id: world.faults.add({ kind, ...fault }).id } };
    }
    default:
      return undefined;
  }
};

function faultIn(body: Record<string, unknown>) {
  const fields = fieldsOf(body, ["kind", "method", "account", "imei", "times", "delayMs"]);
  if (!isKind(fields.kind)) throw badInput(`"kind" must be one of ${FAULT_KINDS.join(", ")}`);
  const times = numberIn(fields, "times", 1);
  if (times !== undefined && !Number.isInteger(times))
    throw badInput('"times" must be a whole number of calls');
  return {
    kind: fields.kind,
    method: textIn(fields, "method"),
    account: textIn(fields, "account"),
    imei: textIn(fields, "imei"),
    times,
    delayMs: numberIn(fields, "delayMs", 0),
  };
}
