import { describe, expect, it } from "vitest";
import { type JimiParameters, md5, sign } from "../../../shared/jimi/sign.ts";

const SECRET = "demo-secret-0123456789abcdef";
const TOKEN = "0123456789abcdef0123456789abcdef";
const common = {
  app_key: "DEMOAPPKEY000000000000000000000001",
  format: "json",
  sign_method: "md5",
  v: "1.0",
};

/** The vectors of the reference, §1.6. */
const vectors: { name: string; parameters: JimiParameters; text: string; signature: string }[] = [
  {
    name: "1: token request",
    parameters: {
      ...common,
      method: "jimi.oauth.token.get",
      timestamp: "2026-01-15 08:30:00",
      user_id: "demo_fleet",
      user_pwd_md5: "4b4d9529148d8d9440d7e20c78287f69",
      expires_in: "7200",
    },
    text: "demo-secret-0123456789abcdefapp_keyDEMOAPPKEY000000000000000000000001expires_in7200formatjsonmethodjimi.oauth.token.getsign_methodmd5timestamp2026-01-15 08:30:00user_iddemo_fleetuser_pwd_md54b4d9529148d8d9440d7e20c78287f69v1.0demo-secret-0123456789abcdef",
    signature: "1695678BD8B8DFEF2148C280BE17F150",
  },
  {
    name: "2: several IMEIs and an empty parameter",
    parameters: {
      ...common,
      method: "jimi.device.track.mileage",
      timestamp: "2026-01-15 08:31:00",
      access_token: TOKEN,
      imeis: "860000000000001,860000000000002",
      begin_time: "2026-01-14 00:00:00",
      end_time: "2026-01-14 23:59:59",
      map_type: "",
    },
    text: "demo-secret-0123456789abcdefaccess_token0123456789abcdef0123456789abcdefapp_keyDEMOAPPKEY000000000000000000000001begin_time2026-01-14 00:00:00end_time2026-01-14 23:59:59formatjsonimeis860000000000001,860000000000002methodjimi.device.track.mileagesign_methodmd5timestamp2026-01-15 08:31:00v1.0demo-secret-0123456789abcdef",
    signature: "327732A52D8DD8ADC21C54D7A3E59EE8",
  },
  {
    name: "3: appId before app_key",
    parameters: {
      ...common,
      method: "jimi.device.media.live.stream",
      timestamp: "2026-01-15 08:32:00",
      access_token: TOKEN,
      imei: "860000000000003",
      channel: "1",
      appId: "a1B2c3D4e5F6g7H",
    },
    text: "demo-secret-0123456789abcdefaccess_token0123456789abcdef0123456789abcdefappIda1B2c3D4e5F6g7Happ_keyDEMOAPPKEY000000000000000000000001channel1formatjsonimei860000000000003methodjimi.device.media.live.streamsign_methodmd5timestamp2026-01-15 08:32:00v1.0demo-secret-0123456789abcdef",
    signature: "C17EFE1CF83FD27769FC28ABD92CF765",
  },
  {
    name: "4: text beyond ASCII, names in mixed case",
    parameters: {
      ...common,
      method: "jimi.open.device.update",
      timestamp: "2026-01-15 08:33:00",
      access_token: TOKEN,
      imei: "860000000000001",
      vehicle_number: "KDA 001A",
      driver_name: "Zoë Ñandú",
      deviceGroupId: "00000000000000000000000000000001",
      device_name: "Van 1",
    },
    text: "demo-secret-0123456789abcdefaccess_token0123456789abcdef0123456789abcdefapp_keyDEMOAPPKEY000000000000000000000001deviceGroupId00000000000000000000000000000001device_nameVan 1driver_nameZoë Ñandúformatjsonimei860000000000001methodjimi.open.device.updatesign_methodmd5timestamp2026-01-15 08:33:00v1.0vehicle_numberKDA 001Ademo-secret-0123456789abcdef",
    signature: "F3A412C8C40ACD9787C0A0D9B3C90413",
  },
];

describe("sign", () => {
  it.each(vectors)("gives the signature of vector $name", ({ parameters, signature }) => {
    expect(sign(parameters, SECRET)).toBe(signature);
  });

  it.each(vectors)("signs exactly the text of vector $name", ({ parameters, text }) => {
    expect(sign(parameters, SECRET)).toBe(md5(text).toUpperCase());
  });

  it.each(vectors)("does not depend on the order of the parameters: vector $name", (vector) => {
    const backwards = Object.fromEntries(Object.entries(vector.parameters).reverse());
    expect(sign(backwards, SECRET)).toBe(vector.signature);
  });

  it("never sorts `_` before capitals, as a locale would", () => {
    const parameters = vectors[2]?.parameters ?? {};
    expect(sign(parameters, SECRET)).not.toBe("E47428871EEF37DC2B81977885D4C5C8");
  });

  it("leaves out empty values, wherever they sort", () => {
    const signed = sign({ b: "2" }, "s");
    expect(sign({ a: "", b: "2", c: "" }, "s")).toBe(signed);
    expect(signed).toBe(md5("sb2s").toUpperCase());
  });

  it("keeps values that only look empty", () => {
    expect(sign({ a: "0", b: " " }, "s")).toBe(md5("sa0b s").toUpperCase());
  });

  it("signs no parameters at all", () => {
    expect(sign({}, "s")).toBe(md5("ss").toUpperCase());
  });
});

describe("md5", () => {
  it.each([
    ["", "d41d8cd98f00b204e9800998ecf8427e"],
    ["demo-password", "4b4d9529148d8d9440d7e20c78287f69"],
    ["The quick brown fox jumps over the lazy dog", "9e107d9d372bb6826bd81d3542a419d6"],
  ])("of %j is lower-case hexadecimal", (text, digest) => {
    expect(md5(text)).toBe(digest);
  });

  it("reads text as UTF-8", () => {
    expect(md5("é")).toBe("66ddcd97cfdeabb2f6fb8a999b4bc76f");
  });
});
