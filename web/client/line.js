import { ApiError } from "./error.js";

/** A stream that does not say anything in this time was not opened: it is blocked somewhere. */
const OPEN_PATIENCE_MS = 10_000;
/** The server says something every 30 s. */
const SILENCE_MS = 75_000;
const PONG_PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 5_000;
/** The look-out itself came so late: the machine slept. */
const SLEPT_MS = 30_000;

/** Close code of a key that expired or was revoked. */
const KEY_GONE = 4401;

/** A message of the stream, as far as it is looked at before its type is known.
 * @typedef {{ type?: unknown, at?: string }} Message */

/**
 * Opens a stream, acknowledges every message, and notices when the line is dead.
 * @param {import("./types.js").Socket} socket
 * @param {object} handlers
 * @param {(message: Message) => void} handlers.onMessage
 * @param {() => void} handlers.onPong
 */
export function openLine(socket, { onMessage, onPong }) {
  let heardAtMs = Date.now();
  let lookedAtMs = heardAtMs;
  let heard = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pongTimer;
  /** @type {(error: ApiError) => void} */
  let resolve = () => {};
  /** @type {Promise<ApiError>} */
  const ended = new Promise((done) => {
    resolve = done;
  });
  let over = false;

  /** @param {ApiError} error */
  function end(error) {
    if (over) return;
    over = true;
    clearInterval(lookOut);
    clearTimeout(pongTimer);
    // On a dead line the closing handshake takes minutes: nobody waits for it.
    socket.close(1000);
    resolve(error);
  }

  function check() {
    if (over || pongTimer !== undefined || !heard) return;
    socket.send("ping");
    pongTimer = setTimeout(() => end(broken("No answer to a ping.")), PONG_PATIENCE_MS);
  }

  const lookOut = setInterval(() => {
    const now = Date.now();
    const slept = now - lookedAtMs > SLEPT_MS;
    lookedAtMs = now;
    if (!heard && now - heardAtMs > OPEN_PATIENCE_MS) end(broken("The stream did not open."));
    else if (slept) check();
    else if (now - heardAtMs > SILENCE_MS) end(broken("Nothing was heard for too long."));
  }, LOOK_EVERY_MS);

  // What the server had to say came before its answer to this: after it, nothing new means nothing changed.
  socket.addEventListener("open", () => socket.send("ping"));
  // Node tells of a stream that could not be opened by this event alone.
  socket.addEventListener("error", () => end(broken("")));
  socket.addEventListener("close", ({ code, reason }) =>
    end(code === KEY_GONE ? keyGone(reason) : broken(reason)),
  );
  socket.addEventListener("message", ({ data }) => {
    if (over) return;
    heard = true;
    heardAtMs = Date.now();
    if (data === "pong") {
      clearTimeout(pongTimer);
      pongTimer = undefined;
      return onPong();
    }
    try {
      onMessage(JSON.parse(String(data)));
    } catch {
      return end(new ApiError({ code: "unreadable_answer", title: "The stream could not be read" }));
    }
    socket.send("ack");
  });

  return {
    /** Resolves with the reason once the line is over. */
    ended,
    /** Whether anything was ever heard on it. */
    get heard() {
      return heard;
    },
    /** Finds out within seconds whether the line still stands. */
    check,
    /** Ends it from here. */
    close: () => end(broken("Closed here.")),
  };
}

/** @typedef {ReturnType<typeof openLine>} Line */

/** @param {string} detail */
const broken = (detail) => new ApiError({ code: "line_broken", title: "The line broke", detail });

/** @param {string} detail */
const keyGone = (detail) =>
  new ApiError({ code: "key_gone", title: "The access key does not admit any more", detail, status: 401 });
