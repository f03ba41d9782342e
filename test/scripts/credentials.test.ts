import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { alertVars, mapVars, readDevVars } from "../../scripts/local/dev-vars.ts";
import { realGeocoder } from "../../scripts/local/geocoder.ts";
import { realCredentials, realVendor } from "../../scripts/local/vendor.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracksolid-credentials-"));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (text: string) => writeFile(join(folder, ".dev.vars"), text);
const FILLED_IN = [
  "TRACKSOLID_APP_KEY=key",
  "TRACKSOLID_APP_SECRET=secret",
  "TRACKSOLID_USER=user",
  "TRACKSOLID_PASSWORD=pass word",
];

it("takes the simulator without a file, and with the example as it is", async () => {
  expect(realCredentials(readDevVars(folder))).toBeNull();
  await copyFile(".dev.vars.example", join(folder, ".dev.vars"));
  expect(realCredentials(readDevVars(folder))).toBeNull();
});

it("names what is missing from a half filled file", async () => {
  await write(FILLED_IN.slice(0, 2).join("\n"));
  expect(() => realCredentials(readDevVars(folder))).toThrow("no TRACKSOLID_USER, TRACKSOLID_PASSWORD");
});

it("passes on where to poll, and leaves the credentials to the Worker", async () => {
  await write([...FILLED_IN, "TRACKSOLID_TARGETS=a,b", "SHARE_TOKEN=on"].join("\n"));
  const credentials = realCredentials(readDevVars(folder));
  expect(credentials).toMatchObject({ TRACKSOLID_PASSWORD: "pass word" });
  expect(realVendor(credentials ?? {})).toEqual({
    name: "the API of wrangler.toml",
    real: true,
    vars: { TRACKSOLID_TARGETS: "a,b", SHARE_TOKEN: "on" },
  });
});

it("asks nobody for addresses unless told whom, and in whose name", async () => {
  await write(FILLED_IN.join("\n"));
  expect(realGeocoder(realCredentials(readDevVars(folder)) ?? {}).vars).toEqual({ GEOCODER_URL: "" });
  await write([...FILLED_IN, "GEOCODER_EMAIL=fleet@example.com"].join("\n"));
  expect(realGeocoder(realCredentials(readDevVars(folder)) ?? {}).vars).toEqual({
    GEOCODER_EMAIL: "fleet@example.com",
  });
  await write([...FILLED_IN, "GEOCODER_URL=https://nominatim.example.com"].join("\n"));
  expect(realGeocoder(realCredentials(readDevVars(folder)) ?? {}).vars).toEqual({
    GEOCODER_URL: "https://nominatim.example.com",
    GEOCODER_EMAIL: "",
  });
});

it("passes on who is told what is wrong, with or without credentials", async () => {
  expect(alertVars(readDevVars(folder))).toEqual({});
  await write("ALERT_TARGETS=slack+http://127.0.0.1:9000/x\nALERT_SECRET=");
  expect(alertVars(readDevVars(folder))).toEqual({ ALERT_TARGETS: "slack+http://127.0.0.1:9000/x" });
});

it("passes on what the map lies on", async () => {
  await write("MAP_TILES=maps/x.pmtiles\nMAP_STYLE_URL=\nOPEN_READS=0");
  expect(mapVars(readDevVars(folder))).toEqual({ MAP_TILES: "maps/x.pmtiles" });
});
