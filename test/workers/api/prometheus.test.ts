import { expect, it } from "vitest";
import { toPrometheus } from "../../../workers/api/prometheus.ts";

it("writes HELP and TYPE once for all figures of a name, and nothing for a name without any", () => {
  const text = toPrometheus([
    {
      name: "fleet_devices",
      help: "Devices by status",
      samples: [
        { labels: { status: "moving", account: "a" }, value: 3 },
        { labels: {}, value: 0.25 },
      ],
    },
    { name: "fleet_nothing", help: "Nothing", samples: [] },
    { name: "fleet_lag_seconds", help: "Lag", samples: [{ labels: {}, value: 1e21 }] },
  ]);
  expect(text).toBe(`# HELP fleet_devices Devices by status
# TYPE fleet_devices gauge
fleet_devices{status="moving",account="a"} 3
fleet_devices 0.25
# HELP fleet_lag_seconds Lag
# TYPE fleet_lag_seconds gauge
fleet_lag_seconds 1e+21
`);
});

it("escapes what would end a label, a line or a help text", () => {
  const samples = [{ labels: { job: 'a"b\\c\nd' }, value: 1 }];
  expect(toPrometheus([{ name: "x", help: 'a "b" \\ \n c', samples }])).toBe(
    '# HELP x a "b" \\\\ \\n c\n# TYPE x gauge\nx{job="a\\"b\\\\c\\nd"} 1\n',
  );
});

it.each([
  [Number.POSITIVE_INFINITY, "+Inf"],
  [Number.NEGATIVE_INFINITY, "-Inf"],
  [Number.NaN, "NaN"],
  [-1.5, "-1.5"],
])("writes %d as Prometheus reads it", (value, text) => {
  expect(toPrometheus([{ name: "x", help: "x", samples: [{ labels: {}, value }] }])).toContain(
    `\nx ${text}\n`,
  );
});
