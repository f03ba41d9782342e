import { describe, expect, it } from "vitest";
import {
  geocoderConfig,
  housekeepingConfig,
  isReader,
  Misconfigured,
  reportingConfig,
  retentionConfig,
  serviceConfig,
  vendorConfig,
} from "../../shared/config.ts";
import { problemsOf } from "./problems.ts";

const vendor = {
  TRACKSOLID_API_URL: "https://eu-open.tracksolidpro.com/route/rest",
  TRACKSOLID_TARGETS: "fireside, Fireside@HQ ,,Fireside_MSA,",
  TRACKSOLID_APP_KEY: "key",
  TRACKSOLID_APP_SECRET: "secret",
  TRACKSOLID_USER: "user",
  TRACKSOLID_PASSWORD: "password",
};

describe("vendorConfig", () => {
  it("reads the accounts as a list", () => {
    expect(vendorConfig({ ...vendor })).toEqual({
      ...vendor,
      TRACKSOLID_TARGETS: ["fireside", "Fireside@HQ", "Fireside_MSA"],
      PARKING_ACC_TYPES: ["0"],
      SHARE_TOKEN: "off",
    });
  });

  it("shares the token when it is told to, and refuses a word that is neither on nor off", () => {
    expect(vendorConfig({ ...vendor, SHARE_TOKEN: "on" }).SHARE_TOKEN).toBe("on");
    expect(problemsOf(() => vendorConfig({ ...vendor, SHARE_TOKEN: "yes" }))).toEqual([
      "SHARE_TOKEN must be on or off: correct it in wrangler.toml",
    ]);
  });

  it("refuses what is no type of a stay", () => {
    expect(vendorConfig({ ...vendor, PARKING_ACC_TYPES: "off, on" }).PARKING_ACC_TYPES).toEqual([
      "off",
      "on",
    ]);
    expect(problemsOf(() => vendorConfig({ ...vendor, PARKING_ACC_TYPES: "o-n" }))).toEqual([
      "PARKING_ACC_TYPES holds what is none: 0, off (parking) or on (idling), separated by commas",
    ]);
  });

  it("lists every missing name with its remedy, at once", () => {
    expect(problemsOf(() => vendorConfig({}))).toEqual([
      "TRACKSOLID_API_URL is missing: set it in wrangler.toml to the node of your app key",
      "TRACKSOLID_TARGETS is empty: list the accounts to poll in wrangler.toml, separated by commas",
      ...["APP_KEY", "APP_SECRET", "USER", "PASSWORD"].map(
        (name) =>
          `TRACKSOLID_${name} is missing: wrangler secret put TRACKSOLID_${name} (locally: a line in .dev.vars)`,
      ),
    ]);
  });

  it.each(Object.keys(vendor))("refuses an empty %s and names it alone", (name) => {
    const problems = problemsOf(() => vendorConfig({ ...vendor, [name]: "" }));
    expect(problems[0]).toMatch(new RegExp(`^${name} is `));
    expect(problems.every((problem) => problem.includes(name))).toBe(true);
  });

  it("refuses a list of accounts that holds only commas", () => {
    expect(problemsOf(() => vendorConfig({ ...vendor, TRACKSOLID_TARGETS: " , ," }))).toHaveLength(1);
  });

  it.each([
    ["https://eu-open.tracksolidpro.com", "https://eu-open.tracksolidpro.com/route/rest"],
    ["https://eu-open.tracksolidpro.com/", "https://eu-open.tracksolidpro.com/route/rest"],
    ["http://127.0.0.1:8700", "http://127.0.0.1:8700/route/rest"],
    ["https://hk-open.tracksolidpro.com/route/rest", "https://hk-open.tracksolidpro.com/route/rest"],
    ["https://proxy.example.com/jimi", "https://proxy.example.com/jimi"],
  ])("posts to %s at %s", (TRACKSOLID_API_URL, expected) => {
    expect(vendorConfig({ ...vendor, TRACKSOLID_API_URL }).TRACKSOLID_API_URL).toBe(expected);
  });

  it("refuses what is not a URL, and shows it", () => {
    const problems = problemsOf(() =>
      vendorConfig({ ...vendor, TRACKSOLID_API_URL: "eu-open.tracksolidpro.com" }),
    );
    expect(problems).toEqual(["TRACKSOLID_API_URL is not a URL: eu-open.tracksolidpro.com"]);
  });

  it("never shows a secret", () => {
    const secret = "s3cret-of-the-fleet";
    const env = { TRACKSOLID_APP_SECRET: secret, TRACKSOLID_PASSWORD: secret, TRACKSOLID_APP_KEY: secret };
    expect(problemsOf(() => vendorConfig(env)).join()).not.toContain(secret);
  });

  it("is parsed once per env", () => {
    const env = { ...vendor };
    expect(vendorConfig(env)).toBe(vendorConfig(env));
    expect(vendorConfig({ ...vendor })).not.toBe(vendorConfig(env));
  });

  it("does not remember a failure: a repaired env is read anew", () => {
    const env: Partial<typeof vendor> = {};
    expect(() => vendorConfig(env)).toThrow(Misconfigured);
    expect(vendorConfig(Object.assign(env, vendor)).TRACKSOLID_USER).toBe("user");
  });
});

describe("SENTRY_DSN", () => {
  it.each([
    "yes",
    "https://o1.ingest.sentry.io/42",
    "https://key@host",
    "https://key@host/",
    "ftp://k@h/1",
    " ",
  ])("refuses %j with its remedy, which does not repeat it", (SENTRY_DSN) => {
    for (const read of [reportingConfig, serviceConfig]) {
      const problems = problemsOf(() => read({ ENVIRONMENT: "dev", SENTRY_DSN }));
      expect(problems).toEqual([expect.stringContaining("SENTRY_DSN is malformed: copy the whole DSN")]);
    }
  });

  it("can be read whatever else is wrong", () => {
    expect(reportingConfig({})).toEqual({ ENVIRONMENT: "unknown", SENTRY_DSN: "" });
  });
});

describe("housekeepingConfig", () => {
  it("has a time for everything that is not kept for ever", () => {
    expect(housekeepingConfig({ RETAIN_REJECTED_ITEMS_DAYS: "30" })).toEqual({
      RETAIN_INGESTION_LOG_DAYS: 90,
      RETAIN_REFRESH_LOG_DAYS: 180,
      RETAIN_RECEIPT_HOURS_DAYS: 400,
      RETAIN_REJECTED_ITEMS_DAYS: 30,
      RETAIN_DRIVER_SIGHTINGS_DAYS: 35,
      RETAIN_CANARY_RUNS_DAYS: 400,
      RETAIN_AUDIT_DAYS: 400,
      RETAIN_POSITIONS_DAYS: null,
      RETAIN_READINGS_DAYS: null,
    });
  });

  it.each(["", "0", "6", "-90", "3651", "7.5", "soon", "Infinity"])(
    "refuses to keep something for %j days, and says what to do",
    (text) => {
      expect(problemsOf(() => housekeepingConfig({ RETAIN_INGESTION_LOG_DAYS: text }))).toEqual([
        "RETAIN_INGESTION_LOG_DAYS must be a whole number of days from 7 to 3650: correct it in wrangler.toml, or leave it out for 90",
      ]);
    },
  );
});

it.each(["", "0", "99", "3651", "100.5", "ever"])(
  "refuses to take facts away after %j days: what is asked for again reaches back for three months",
  (text) => {
    expect(problemsOf(() => housekeepingConfig({ RETAIN_POSITIONS_DAYS: text }))).toEqual([
      "RETAIN_POSITIONS_DAYS must be a whole number of days from 100 to 3650: correct it in wrangler.toml, or leave it out to keep all",
    ]);
  },
);

it("reads how long facts are kept whatever is wrong with other times", () => {
  const env = { RETAIN_POSITIONS_DAYS: "400", RETAIN_INGESTION_LOG_DAYS: "soon" };
  expect(retentionConfig(env)).toEqual({ RETAIN_POSITIONS_DAYS: 400, RETAIN_READINGS_DAYS: null });
});

describe("serviceConfig", () => {
  it("serves locally on every host, closed by default", () => {
    expect(serviceConfig({ ENVIRONMENT: "dev" })).toEqual({
      ENVIRONMENT: "dev",
      DATABASE_MODE: "owner",
      API_HOSTS: [],
      PUSH_HOSTS: [],
      LIVE_RECONCILE_EVERY_S: 10,
      CORS_ORIGINS: [],
      OPEN_READS: false,
      OLD_PATHS_ACCESS: "off",
      OLD_PATHS: {},
      OLD_FILTERS: {},
      SENTRY_DSN: "",
    });
  });

  it("reads where the earlier system's paths are, and what its filters are called", () => {
    const OLD_PATHS = "live=/api/live, track=/api/track/{imei}";
    const config = serviceConfig({ ENVIRONMENT: "dev", OLD_PATHS, OLD_FILTERS: "zone=city,page[]=ignore" });
    expect(config).toMatchObject({
      OLD_PATHS: { live: "/api/live", track: "/api/track/{imei}" },
      OLD_FILTERS: { zone: "city", "page[]": "ignore" },
    });
  });

  it.each([
    { OLD_PATHS: "live" },
    { OLD_PATHS: "live=api/live" },
    { OLD_PATHS: "live=/a?b=1" },
    { OLD_FILTERS: "zone=area" },
    { OLD_FILTERS: "=city" },
    { OLD_PATHS_ACCESS: "open" },
  ])("refuses %j", (wrong) => {
    const [name = ""] = Object.keys(wrong);
    expect(problemsOf(() => serviceConfig({ ENVIRONMENT: "dev", ...wrong }))).toEqual([
      expect.stringContaining(name),
    ]);
  });

  it.each(["-1", "11", "often", "NaN"])("refuses to compare the live map every %s seconds", (text) => {
    expect(
      problemsOf(() => serviceConfig({ ENVIRONMENT: "dev", LIVE_RECONCILE_EVERY_S: text })),
    ).toHaveLength(1);
  });

  it.each(["staging", "production"])("serves in %s only hosts that are named", (name) => {
    expect(problemsOf(() => serviceConfig({ ENVIRONMENT: name }))).toEqual([
      expect.stringContaining("API_HOSTS is empty"),
    ]);
    expect(serviceConfig({ ENVIRONMENT: name, API_HOSTS: "a.example.com" }).API_HOSTS).toEqual([
      "a.example.com",
    ]);
  });

  it("reads hosts as a list", () => {
    const { API_HOSTS } = serviceConfig({ ENVIRONMENT: "dev", API_HOSTS: "a.example.com, b.example.com" });
    expect(API_HOSTS).toEqual(["a.example.com", "b.example.com"]);
  });

  const origins = (ENVIRONMENT: string, CORS_ORIGINS: string) =>
    serviceConfig({ ENVIRONMENT, CORS_ORIGINS, API_HOSTS: "api.example.com" }).CORS_ORIGINS;

  it("lets pages of named origins in, and of every origin in dev alone", () => {
    expect(origins("production", "https://a.example.com, https://b.example.com:8443")).toEqual([
      "https://a.example.com",
      "https://b.example.com:8443",
    ]);
    expect(origins("dev", "*")).toEqual(["*"]);
    expect(origins("dev", "http://localhost:5173")).toEqual(["http://localhost:5173"]);
  });

  it.each([
    "*",
    "http://a.example.com",
    "https://a.example.com/",
    "https://a.example.com/map",
    "https://A.example.com",
    "https://a.example.com:443",
    "https://*.example.com",
    "https://user@a.example.com",
    "a.example.com",
    "null",
  ])("refuses pages of %s outside dev, and says how to write it", (entry) => {
    for (const name of ["staging", "production"]) {
      const problems = problemsOf(() => origins(name, `https://b.example.com,${entry}`));
      expect(problems).toEqual([expect.stringContaining(`CORS_ORIGINS holds ${entry}: list origins like`)]);
    }
  });

  it("opens reads for 1 only", () => {
    expect(serviceConfig({ ENVIRONMENT: "dev", OPEN_READS: "1" }).OPEN_READS).toBe(true);
    for (const OPEN_READS of ["0", "", "true", "yes"]) {
      expect(serviceConfig({ ENVIRONMENT: "dev", OPEN_READS }).OPEN_READS).toBe(false);
    }
  });

  it.each(["staging", "production"])("refuses open reads in %s", (name) => {
    expect(
      problemsOf(() => serviceConfig({ ENVIRONMENT: name, OPEN_READS: "1", API_HOSTS: "a.example.com" })),
    ).toEqual(["OPEN_READS=1 is for the local stack only: remove it and make keys with `npm run keys`"]);
  });

  it.each([undefined, "", "prod", "Production"])("refuses the environment %j", (name) => {
    expect(problemsOf(() => serviceConfig({ ENVIRONMENT: name, OPEN_READS: "1" }))).toEqual([
      "ENVIRONMENT must be dev, staging or production: set it in wrangler.toml",
    ]);
  });

  it("is parsed once per env", () => {
    const env = { ENVIRONMENT: "dev" };
    expect(serviceConfig(env)).toBe(serviceConfig(env));
  });
});

describe("geocoderConfig", () => {
  const GEOCODER_EMAIL = "fleet@example.com";

  it("looks addresses up at the public Nominatim, in somebody's name only", () => {
    const GEOCODER_URL = "https://nominatim.openstreetmap.org/reverse";
    expect(geocoderConfig({ GEOCODER_EMAIL })).toEqual({ GEOCODER_URL, GEOCODER_EMAIL });
    for (const url of [undefined, GEOCODER_URL, "https://nominatim.openstreetmap.org"]) {
      expect(problemsOf(() => geocoderConfig({ GEOCODER_URL: url }))).toEqual([
        expect.stringContaining("GEOCODER_EMAIL is empty: the public Nominatim wants to know"),
      ]);
    }
  });

  it("asks a Nominatim of one's own without a name, and nobody where there is none", () => {
    expect(geocoderConfig({ GEOCODER_URL: "http://127.0.0.1:8701" })).toEqual({
      GEOCODER_URL: "http://127.0.0.1:8701/reverse",
      GEOCODER_EMAIL: "",
    });
    expect(geocoderConfig({ GEOCODER_URL: " " })).toEqual({ GEOCODER_URL: null, GEOCODER_EMAIL: "" });
  });

  it.each(["nominatim", "ftp://nominatim.example.com/"])("refuses %s", (GEOCODER_URL) => {
    expect(problemsOf(() => geocoderConfig({ GEOCODER_URL, GEOCODER_EMAIL }))[0]).toContain(
      "GEOCODER_URL is not a URL",
    );
  });

  it("refuses what no mail reaches", () => {
    expect(problemsOf(() => geocoderConfig({ GEOCODER_EMAIL: "nobody" }))[0]).toContain(
      "GEOCODER_EMAIL is not an e-mail address",
    );
  });
});

it("owns its database unless it is told that it only reads, and refuses another word", () => {
  expect([isReader({}), isReader({ DATABASE_MODE: "reader" })]).toEqual([false, true]);
  expect(problemsOf(() => isReader({ DATABASE_MODE: "Reader" }))).toEqual([
    "DATABASE_MODE must be owner or reader: correct it in wrangler.toml",
  ]);
  const reader = { ENVIRONMENT: "staging", DATABASE_MODE: "reader", API_HOSTS: "api.example.com" };
  expect(problemsOf(() => serviceConfig({ ...reader, PUSH_HOSTS: "push.example.com" }))).toEqual([
    expect.stringContaining("pushes go to the environment that owns the database"),
  ]);
});
