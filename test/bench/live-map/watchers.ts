/**
 * Clients of a stream, in a process of their own so that they take no time from who measures. Started with a URL, their
 * number and the bytes from which a message counts; tells its parent when the last is open, and then of every message
 * that has reached all of them when it reached each, ms since the epoch.
 */
const [, , url = "", count = "0", leastBytes = "0"] = process.argv;
const clients = Number(count);
let arrivals: number[] = [];
let opened = 0;

for (let client = 0; client < clients; client++) {
  const socket = new WebSocket(url);
  socket.addEventListener("message", ({ data }) => {
    const atMs = performance.timeOrigin + performance.now();
    socket.send("ack");
    if ((data as string).length < Number(leastBytes)) return;
    arrivals.push(atMs);
    if (arrivals.length < clients) return;
    process.send?.({ arrivals });
    arrivals = [];
  });
  socket.addEventListener("open", () => {
    opened += 1;
    if (opened === clients) process.send?.("open");
  });
  socket.addEventListener("close", ({ code, reason }) => {
    throw new Error(`A stream ended with ${code} ${reason}`);
  });
}
