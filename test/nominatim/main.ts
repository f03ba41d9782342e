import { parseArgs } from "node:util";
import { startNominatim } from "./server.ts";

const HELP = `Stand-in for Nominatim's /reverse on 127.0.0.1, with made-up roads.

  node test/nominatim/main.ts [--port N]    port, 0 = any free one (8701)

  GET    /control/requests[?band=-2]   what was asked, by whole degree of latitude; DELETE forgets it
  POST   /control/faults               {"kind": "http429", "times": 2, "band": -2}; DELETE clears them (faults.ts has the kinds)`;

const { values } = parseArgs({
  options: { port: { type: "string", default: "8701" }, help: { type: "boolean", default: false } },
});

if (values.help) {
  console.log(HELP);
} else {
  const { url } = await startNominatim({ port: Number(values.port) });
  console.log(`Nominatim stand-in: ${url}/reverse`);
}
