import type { Miniflare } from "miniflare";

/** A Worker's memory, MB: its isolate's heap after a collection, and the buffers beside it. */
export async function heapMb(runtime: Miniflare, worker: string): Promise<number> {
  const list = new URL("/json", await runtime.getInspectorURL());
  list.protocol = "http:";
  const isolates = (await (await fetch(list)).json()) as { id: string; webSocketDebuggerUrl: string }[];
  const isolate = isolates.find(({ id }) => id.includes(worker));
  if (isolate === undefined) throw new Error(`The inspector knows no ${worker}: ${JSON.stringify(isolates)}`);
  const socket = new WebSocket(isolate.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("close", reject);
  });
  try {
    await call(socket, 1, "HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = await call<{ usedSize: number; backingStorageSize: number }>(
      socket,
      2,
      "Runtime.getHeapUsage",
    );
    return (usedSize + backingStorageSize) / 1e6;
  } finally {
    socket.close();
  }
}

function call<Result>(socket: WebSocket, id: number, method: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    socket.addEventListener("close", () => reject(new Error("The runtime closed its inspector")));
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(data as string) as { id: number; result: Result };
      if (answer.id === id) resolve(answer.result);
    });
    socket.send(JSON.stringify({ id, method }));
  });
}
