import { describe, expect, it } from "vitest";
import { alertConfig } from "../../shared/alert-config.ts";
import { problemsOf } from "./problems.ts";

describe("alertConfig", () => {
  const ALERT_SECRET = `whsec_${btoa("x".repeat(32))}`;

  it("reads who is told of what", () => {
    const ALERT_TARGETS = ` webhook+https://a.example.com/x?y=z
      fleet=slack+https://hooks.slack.com/services/T/B/secret operations=teams+https://b.example.com/`;
    expect(alertConfig({ ALERT_TARGETS, ALERT_SECRET }).ALERT_TARGETS).toEqual([
      { kind: "webhook", url: "https://a.example.com/x?y=z", audience: null },
      { kind: "slack", url: "https://hooks.slack.com/services/T/B/secret", audience: "fleet" },
      { kind: "teams", url: "https://b.example.com/", audience: "operations" },
    ]);
    expect(alertConfig({}).ALERT_TARGETS).toEqual([]);
  });

  it.each([
    "https://hooks.example.com/secret",
    "pager+https://hooks.example.com/secret",
    "drivers=slack+https://hooks.example.com/secret",
    "slack+ftp://hooks.example.com/secret",
    "slack+https://",
  ])("refuses %s, and does not repeat it", (ALERT_TARGETS) => {
    const problems = problemsOf(() => alertConfig({ ALERT_TARGETS }));
    expect(problems.join()).toContain("ALERT_TARGETS holds what is none");
    expect(problems.join()).not.toContain("secret");
  });

  it.each(["", "whsec_", "secret", `whsec_${btoa("short")}`, `whsec_${btoa("x".repeat(65))}`, "whsec_*"])(
    "refuses to sign with %j",
    (ALERT_SECRET) => {
      const problems = problemsOf(() =>
        alertConfig({ ALERT_TARGETS: "webhook+https://x.example.com", ALERT_SECRET }),
      );
      expect(problems).toEqual([expect.stringContaining("ALERT_SECRET does not sign")]);
    },
  );

  it("sends in the clear only locally", () => {
    const ALERT_TARGETS = "slack+http://127.0.0.1:9000/x";
    expect(alertConfig({ ENVIRONMENT: "dev", ALERT_TARGETS }).ALERT_TARGETS).toHaveLength(1);
    expect(problemsOf(() => alertConfig({ ENVIRONMENT: "production", ALERT_TARGETS }))).toEqual([
      "ALERT_TARGETS holds an http:// URL: alerts travel encrypted, but for the local stack",
    ]);
  });

  it.each(["9:00", "24:00", "soon"])("takes %s for no time of day", (ALERT_NOT_MOVED_BY) => {
    expect(problemsOf(() => alertConfig({ ALERT_NOT_MOVED_BY }))).toEqual([
      expect.stringContaining("is no time of day"),
    ]);
  });
});
