/**
 * Stands before the built Worker and counts what the platform would bill, by what caused it: `fetch`, `scheduled`, the name of
 * a queue, or `<class>.<method>` of a Durable Object. `GET /meter` tells, `DELETE /meter` tells and begins anew.
 */

import { DurableObject } from "cloudflare:workers";
import { AsyncLocalStorage } from "node:async_hooks";
import * as product from "./index.js";

export * from "./index.js";

const causes = new AsyncLocalStorage();

/** Of each cause what it did how often. */
let counts = {};
/** Bytes of each message that was sent. */
let messages = [];
/** From when to when objects were busy, by their class, ms since the epoch; the end is null while they are. */
let busy = {};

function count(what, times = 1, cause = causes.getStore() ?? "none") {
  counts[cause] ??= {};
  counts[cause][what] = (counts[cause][what] ?? 0) + times;
}

/** Has a method of the platform count its calls, once. */
function meter(object, method, note) {
  const owner = Object.getPrototypeOf(object);
  const original = owner[method];
  if (original === undefined || original.isMetered) return;
  owner[method] = function (...given) {
    note(...given);
    return original.apply(this, given);
  };
  owner[method].isMetered = true;
}

function meterBindings({ WRITES, BUCKET, KEYS, METRICS }) {
  const send = ({ body }) =>
    messages.push(new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)).length);
  // Both queues have one prototype.
  meter(WRITES, "send", (body) => send({ body }));
  meter(WRITES, "sendBatch", (batch) => {
    for (const message of batch) send(message);
  });
  meter(BUCKET, "put", (_, value) => {
    count("classA");
    count("storedBytes", value.byteLength ?? new TextEncoder().encode(value).length);
  });
  meter(BUCKET, "list", () => count("classA"));
  meter(BUCKET, "get", () => count("classB"));
  meter(BUCKET, "head", () => count("classB"));
  meter(KEYS, "get", () => count("kvReads"));
  meter(METRICS, "writeDataPoint", () => count("points"));
}

/** Rows of a statement are known once its cursor was read: they are added up when somebody asks. */
let cursors = [];

function meterStorage(storage) {
  const row = () => count("rowsWritten");
  meter(storage.kv, "put", row);
  meter(storage.kv, "delete", row);
  meter(storage, "setAlarm", row);
  const owner = Object.getPrototypeOf(storage.sql);
  const { exec } = owner;
  if (exec.isMetered) return;
  owner.exec = function (...given) {
    const cursor = exec.apply(this, given);
    cursors.push({ cursor, cause: causes.getStore() });
    return cursor;
  };
  owner.exec.isMetered = true;
}

/** An object is busy while it answers, and while something that it began goes on. */
function meterObject(name, prototype) {
  for (const method of Object.getOwnPropertyNames(prototype)) {
    const original = Object.getOwnPropertyDescriptor(prototype, method)?.value;
    if (method === "constructor" || typeof original !== "function") continue;
    prototype[method] = function (...given) {
      // What it calls of itself is no request.
      if (causes.getStore()?.startsWith(`${name}.`)) return original.apply(this, given);
      return causes.run(`${name}.${method}`, () => {
        meterStorage(this.ctx.storage);
        meter(this.ctx, "waitUntil", (promise) => isBusy(causes.getStore()?.split(".")[0] ?? name, promise));
        count(method === "webSocketMessage" ? "socketMessages" : "objectRequests");
        const answer = original.apply(this, given);
        isBusy(name, answer);
        return answer;
      });
    };
  }
}

function isBusy(name, promise) {
  const span = [Date.now(), null];
  busy[name] ??= [];
  busy[name].push(span);
  const end = () => {
    span[1] = Date.now();
  };
  Promise.resolve(promise).then(end, end);
}

for (const [name, value] of Object.entries(product)) {
  if (typeof value === "function" && value.prototype instanceof DurableObject)
    meterObject(name, value.prototype);
}

for (const level of ["debug", "info", "log", "warn", "error"]) {
  const original = console[level];
  console[level] = (...given) => {
    count("logEvents");
    original(...given);
  };
}

function answer({ method }) {
  for (const { cursor, cause } of cursors) count("rowsWritten", cursor.rowsWritten, cause);
  cursors = [];
  const told = Response.json({ counts, messages, busy });
  if (method === "DELETE") {
    counts = {};
    messages = [];
    busy = {};
  }
  return told;
}

const handlers = product.default;

export default {
  fetch(request, env, context) {
    meterBindings(env);
    if (new URL(request.url).pathname === "/meter") return answer(request);
    return causes.run("fetch", () => {
      count("requests");
      return handlers.fetch(request, env, context);
    });
  },
  scheduled(tick, env, context) {
    meterBindings(env);
    return causes.run("scheduled", () => {
      count("requests");
      return handlers.scheduled(tick, env, context);
    });
  },
  queue(batch, env, context) {
    meterBindings(env);
    return causes.run(batch.queue, () => {
      count("requests");
      count("deliveries", batch.messages.length);
      return handlers.queue(batch, env, context);
    });
  },
};
