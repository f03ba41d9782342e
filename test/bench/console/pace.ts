/** A line as a phone has it: each answer begins a round trip after its question, and all of them share what it carries. */
export interface LineSpeed {
  kbitPerS: number;
  roundTripMs: number;
}

/** What goes at once: about a packet. */
const PIECE_BYTES = 1_400;
const TICK_MS = 10;

interface Waiting {
  /** 0 first, 7 last (RFC 9218): Cloudflare keeps to what a browser asks for. */
  urgency: number;
  piece: Buffer;
  send(piece: Buffer): void;
}

/** Sends pieces as fast as a line carries them, the urgent ones first, those of the same urgency in turn. */
export function createPace({ kbitPerS }: LineSpeed) {
  const bytesPerMs = kbitPerS / 8;
  let waiting: Waiting[] = [];
  let credit = 0;
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    credit = waiting.length === 0 ? 0 : credit + (nowMs - lastMs) * bytesPerMs;
    lastMs = nowMs;
    while (credit > 0 && waiting.length > 0) {
      const most = Math.min(...waiting.map(({ urgency }) => urgency));
      const at = waiting.findIndex(({ urgency }) => urgency === most);
      const [next] = waiting.splice(at, 1);
      if (!next) return;
      const piece = next.piece.subarray(0, PIECE_BYTES);
      credit -= piece.length;
      next.send(piece);
      const rest = next.piece.subarray(PIECE_BYTES);
      if (rest.length > 0) waiting.push({ ...next, piece: rest });
    }
  }, TICK_MS);
  return {
    /** Resolves once all of it has gone. */
    send: (body: Buffer, urgency: number, write: (piece: Buffer) => void): Promise<void> =>
      new Promise((resolve) => {
        let left = body.length;
        if (left === 0) return resolve();
        const send = (piece: Buffer) => {
          write(piece);
          left -= piece.length;
          if (left === 0) resolve();
        };
        waiting.push({ urgency, piece: body, send });
      }),
    stop() {
      clearInterval(timer);
      waiting = [];
    },
  };
}
