/** What the platform bills, of a run, of a body or of a month. */
export interface Usage {
  /** Of the Worker: requests, ticks, batches of a queue. */
  requests: number;
  cpuMs: number;
  queueOperations: number;
  /** Of Durable Objects: calls, alarms, and a twentieth of what comes by WebSocket. */
  objectRequests: number;
  objectGbS: number;
  rowsWritten: number;
  /** Of R2: what writes or lists. */
  classA: number;
  /** Of R2: what reads. */
  classB: number;
  /** What lies in R2 at the end of the month, of that month. */
  archiveGb: number;
  kvReads: number;
  /** Of Analytics Engine. */
  points: number;
  logEvents: number;
}

const NONE: Usage = {
  ...{ requests: 0, cpuMs: 0, queueOperations: 0, objectRequests: 0, objectGbS: 0, rowsWritten: 0 },
  ...{ classA: 0, classB: 0, archiveGb: 0, kvReads: 0, points: 0, logEvents: 0 },
};

export const QUANTITIES = Object.keys(NONE) as (keyof Usage)[];

/** Several together, each so many times. */
export function sum(...parts: [usage: Partial<Usage>, times: number][]): Usage {
  const total = { ...NONE };
  for (const [usage, times] of parts) {
    for (const quantity of QUANTITIES) total[quantity] += (usage[quantity] ?? 0) * times;
  }
  return total;
}

/** An operation is so much of a message, and the platform adds some of its own (KB of 1,000 bytes). */
const OPERATION_BYTES = 64_000;
const METADATA_BYTES = 100;

/** A message is written, read and deleted. */
export const OPERATIONS_OF_A_MESSAGE = 3;

/** Operations that a message is billed as which is delivered once. */
export function operationsOf(bytes: number): number {
  return OPERATIONS_OF_A_MESSAGE * Math.ceil((bytes + METADATA_BYTES) / OPERATION_BYTES);
}

/** Messages by WebSocket that count as a request of their object. */
export const SOCKET_MESSAGES_OF_A_REQUEST = 20;

/** An object has so much memory, whatever it needs. */
export const OBJECT_GB = 0.128;
