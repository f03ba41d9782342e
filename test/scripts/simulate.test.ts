import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { simulateCommand } from "../../scripts/simulate.ts";
import { callCommand } from "../setup/command.ts";

const root = resolve(import.meta.dirname, "../..");

it.each([
  [["--port", "70000"], '--port "70000" is no port from 0 to 65535.'],
  [["--port", "0", "--vehicles", "many"], "--vehicles must be an integer from 0 to 50000"],
  [["--port", "0", "--days-back=-1"], "--days-back must be a number from 0 to 365"],
  [["--port", "0", "--push-url", "ftp://x"], "--push-url must be a URL beginning with http:// or https://"],
  [["--port", "0", "--accounts", "a"], "--accounts must hold names of"],
  [["--port", "0", "--token-lifetime-s", "0"], "--token-lifetime-s must be an integer from 1 to 7200"],
])("refuses %j", async (words, reason) => {
  expect(await callCommand(simulateCommand, words)).toMatchObject({
    ...{ code: 1, stdout: "", stderr: expect.stringContaining(reason) },
  });
});

it("says what to do where its port is taken", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address() as { port: number };
  const { code, stderr } = await callCommand(simulateCommand, ["--port", String(port)]);
  await new Promise((closed) => server.close(closed));
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/EADDRINUSE.* Another --port, or 0 for any free one\./),
  ]);
});

it("tells a program all that it has to know, answers, and ends when it is told to", async () => {
  const words = ["--json", "--port", "0", "--vehicles", "3", "--seed", "7"];
  const child = spawn(process.execPath, [resolve(root, "scripts/simulate.ts"), ...words]);
  try {
    const ended = new Promise((done) => child.once("exit", done));
    const line = await new Promise<string>((told) =>
      child.stdout.once("data", (chunk) => told(String(chunk))),
    );
    const { url, control, appKey, vehicles } = JSON.parse(line);
    expect(vehicles).toBe(3);
    // Nobody signed it: it answers as the vendor does.
    const call = await fetch(url, {
      method: "POST",
      body: new URLSearchParams({ app_key: appKey, v: "1.0" }),
    });
    expect(await call.json()).toMatchObject({ code: 1001, message: "Illegal request, parameter error" });
    expect(await (await fetch(`${control}/vehicles`)).json()).toHaveLength(3);
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
});
