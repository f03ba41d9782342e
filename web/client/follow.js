import { watchAttention } from "./attention.js";
import { ApiError } from "./error.js";
import { createFleet } from "./fleet.js";
import { openLine } from "./line.js";
import { backOffMs, createPause } from "./pause.js";

const POLL_EVERY_MS = 10_000;
/** So many streams in a row that would not open: something between does not let them through. */
const FAILED_OPENS = 3;
/** After which another stream is tried. */
const POLL_FOR_MS = 5 * 60_000;
/** Not heard of for longer than the server ever keeps silent: statuses are judged here. */
const UNHEARD_MS = 40_000;
const JUDGE_EVERY_MS = 5_000;

/**
 * Follows the live fleet: by the stream, and by polling where no stream opens.
 * @param {object} server
 * @param {import("./request.js").Ask} server.ask
 * @param {import("./clock.js").Clock} server.clock
 * @param {import("./types.js").SocketClass | undefined} server.WebSocket
 * @param {import("./types.js").Listener} listener
 * @returns {import("./types.js").Following}
 */
export function startFollowing({ ask, clock, WebSocket }, listener) {
  const fleet = createFleet();
  const pause = createPause();
  const closing = new AbortController();
  /** @type {import("./types.js").LineState} */
  let state = { via: "none", paused: false, trueAtMs: null, error: null };
  /** @type {import("./line.js").Line | null} */
  let line = null;
  let failures = 0;
  let failedOpens = 0;
  let streamAgainAtMs = WebSocket ? 0 : Infinity;

  /** @param {Partial<import("./types.js").LineState>} changes */
  function become(changes) {
    state = { ...state, ...changes };
    tell(() => listener.onState?.(state));
  }

  /** @param {import("./types.js").Change | null} change */
  function show(change) {
    if (change) tell(() => listener.onChange(change));
  }

  /** @param {"stream" | "polling"} via */
  function proven(via) {
    failures = 0;
    become({ via, error: null, trueAtMs: clock.nowMs() });
  }

  async function poll() {
    const query = { format: "columns", registry: "true" };
    const answer = await ask("/v1/live", query, { version: fleet.version, signal: closing.signal });
    show(answer === undefined ? fleet.confirm() : fleet.takeWhole(pictureIn(answer)));
    proven("polling");
  }

  /** @param {import("./types.js").SocketClass} Socket @throws {ApiError} whenever the stream is over */
  async function stream(Socket) {
    const answer = await ask("/v1/live/stream-url", {}, { signal: closing.signal });
    if (closing.signal.aborted || state.paused) return;
    const url = new URL(/** @type {import("./answers.d.ts").StreamUrl} */ (answer).url);
    if (fleet.version !== null) url.searchParams.set("since", fleet.version);
    fleet.begin();
    line = openLine(new Socket(url.href), {
      onMessage(message) {
        if (message.type === "changes") show(fleet.take(/** @type {import("./types.js").Part} */ (message)));
        if (message.type === "still") {
          clock.learn(message.at);
          show(fleet.confirm());
        }
        if (message.type === "alarms") tell(() => listener.onAlarms?.());
        if (fleet.whole) proven("stream");
      },
      onPong() {
        if (!fleet.whole) return;
        show(fleet.confirm());
        proven("stream");
      },
    });
    const error = await line.ended;
    failedOpens = line.heard ? 0 : failedOpens + 1;
    if (failedOpens >= FAILED_OPENS) streamAgainAtMs = Date.now() + POLL_FOR_MS;
    line = null;
    throw error;
  }

  async function next() {
    if (state.paused) return pause.rest(Infinity);
    const polling = failedOpens >= FAILED_OPENS || !WebSocket;
    // While streams fail to open, the picture stays fresh by asking.
    if (fleet.version === null || failedOpens > 0 || polling) await poll();
    if (WebSocket && (!polling || Date.now() >= streamAgainAtMs)) await stream(WebSocket);
    await pause.rest(POLL_EVERY_MS);
  }

  async function run() {
    while (!closing.signal.aborted) {
      try {
        await next();
      } catch (error) {
        if (closing.signal.aborted || state.paused) continue;
        const reason = asApiError(error);
        become({ via: "none", error: reason });
        if (reason.isRefusal) {
          close();
          tell(() => listener.onStop?.(reason));
          return;
        }
        failures += 1;
        await pause.rest(backOffMs(failures, reason.retryAfterS));
      }
    }
  }

  function wake() {
    line?.check();
    pause.wake();
  }

  const judging = setInterval(() => {
    if (state.trueAtMs !== null && clock.nowMs() - state.trueAtMs > UNHEARD_MS)
      show(fleet.settle(clock.nowMs()));
  }, JUDGE_EVERY_MS);
  const unwatch = watchAttention({
    onSeen() {
      if (state.paused) become({ paused: false });
      wake();
    },
    onUnseen() {
      become({ via: "none", paused: true, error: null });
      line?.close();
    },
    onNetwork() {
      failedOpens = 0;
      wake();
    },
  });

  function close() {
    closing.abort();
    clearInterval(judging);
    unwatch();
    line?.close();
    pause.wake();
  }

  void run();
  return { vehicles: fleet.vehicles, close };
}

/** A listener's own failure is for its author to see; the stream goes on. @param {() => void} act */
function tell(act) {
  try {
    act();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** @param {unknown} answer */
function pictureIn(answer) {
  const { positions, registry, ...rest } = /** @type {import("./answers.d.ts").LiveColumns} */ (answer);
  if (!positions || !registry) throw new TypeError("not the columns of a fleet");
  return { ...rest, positions, registry };
}

/** What the server sent and nobody expected fails somewhere in here. @param {unknown} error */
function asApiError(error) {
  if (error instanceof ApiError) return error;
  return new ApiError({
    code: "unreadable_answer",
    title: "The answer could not be read",
    detail: String(error),
  });
}
