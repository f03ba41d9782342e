import { OpenAPIHono } from "@hono/zod-openapi";
import { serviceConfig } from "../../shared/config.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { activityOf } from "./activity/route.ts";
import { admitAddress, admitAnyScope, admitScope, refuseOfReader } from "./admission.ts";
import { alarms } from "./alarms.ts";
import { alerts } from "./alerts.ts";
import { analytics } from "./analytics/index.ts";
import { answerHeaders } from "./answer-headers.ts";
import { audit } from "./audit.ts";
import { baseTiles } from "./base-map/route.ts";
import { changes } from "./changes.ts";
import type { ApiEnv } from "./context.ts";
import { crossOrigin } from "./cors.ts";
import { coverage } from "./coverage.ts";
import { coverageGrid } from "./coverage-grid.ts";
import { docs } from "./docs/route.ts";
import { deviceEvents } from "./events.ts";
import { answerFailure, refuseInvalid } from "./failures.ts";
import { serveFile } from "./files.ts";
import { changeGeofence } from "./geofences/change.ts";
import { listGeofences } from "./geofences/list.ts";
import { oneGeofence } from "./geofences/one.ts";
import { geofenceVisits } from "./geofences/visits.ts";
import { health } from "./health.ts";
import { refuseLongUrls } from "./input-limits.ts";
import { daily } from "./insights/daily.ts";
import { evaluate } from "./insights/evaluate.ts";
import { remark } from "./insights/remark.ts";
import { remarks } from "./insights/remarks.ts";
import { jobHours } from "./job-hours.ts";
import { jobRequests } from "./job-requests.ts";
import { jobRuns } from "./job-runs.ts";
import { jobs } from "./jobs.ts";
import { keptObjects } from "./kept-objects.ts";
import { ledger } from "./ledger.ts";
import { live } from "./live.ts";
import { admitTicketOrKey, liveStream } from "./live-stream.ts";
import { mapFilters } from "./map-filters.ts";
import { metrics } from "./metrics.ts";
import { metricsJson } from "./metrics-json.ts";
import { nearest } from "./nearest.ts";
import { oldPaths } from "./old/index.ts";
import { openApiDocument } from "./openapi.ts";
import { parking } from "./parking.ts";
import { pushes } from "./pushes.ts";
import { readings } from "./readings/route.ts";
import { receipt } from "./receipt.ts";
import { redrive } from "./redrive.ts";
import { refresh } from "./refresh.ts";
import { rejected } from "./rejected.ts";
import { rejectedReasons } from "./rejected-reasons.ts";
import { replay } from "./replay.ts";
import { logRequest } from "./request-log.ts";
import { scopeOf } from "./scopes.ts";
import { sessionOf } from "./session.ts";
import { serviceLevel } from "./slo.ts";
import { readTickets } from "./tickets/read.ts";
import { writeTickets } from "./tickets/write.ts";
import { trackTiles } from "./tiles/tracks.ts";
import { track } from "./track/route.ts";
import { trips } from "./trips/list.ts";
import { trip } from "./trips/one.ts";
import { nothingHere, refuseOtherMethods } from "./unserved.ts";
import { vehicle } from "./vehicle.ts";
import { vehicles } from "./vehicles.ts";
import { vendorDevice } from "./vendor/device.ts";
import { vendorDevices } from "./vendor/devices.ts";

/** Everything served over HTTP. */
export const app = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });

app.onError((error, c) => answerFailure(error, c));

app.use(answerHeaders);
app.use(logRequest);

app.use((c, next) => {
  const { API_HOSTS } = serviceConfig(c.env);
  if (API_HOSTS.length > 0 && !API_HOSTS.includes(new URL(c.req.url).host)) {
    throw new ApiProblem("not_found", "This host serves nothing.");
  }
  return next();
});

app.use(crossOrigin(app));
app.use(refuseLongUrls);
app.use(oldPaths);

for (const path of ["/health/ready", "/health/ingest"]) {
  app.use(path, async (c, next) => {
    await admitAddress(c);
    await next();
  });
}
app.use("/health/*", async (c, next) => {
  await next();
  c.res.headers.set("cache-control", "no-store");
});

health(app);
metrics(app);
app.use("/v1/*", async (c, next) => {
  if (c.req.path === "/v1/live/stream") await admitTicketOrKey(c);
  else if (c.req.path === "/v1/session") await admitAnyScope(c);
  else {
    const scope = scopeOf(c.req.method, c.req.path);
    await admitScope(c, scope);
    refuseOfReader(c, scope);
  }
  await next();
});
sessionOf(app);
baseTiles(app);
live(app);
liveStream(app);
nearest(app);
coverage(app);
coverageGrid(app);
changes(app);
daily(app);
remarks(app);
remark(app);
evaluate(app);
vehicles(app);
vehicle(app);
mapFilters(app);
analytics(app);
track(app);
activityOf(app);
trackTiles(app);
trips(app);
trip(app);
parking(app);
alarms(app);
deviceEvents(app);
readings(app);
refresh(app);
vendorDevices(app);
vendorDevice(app);
listGeofences(app);
oneGeofence(app);
changeGeofence(app);
geofenceVisits(app);
readTickets(app);
writeTickets(app);
jobs(app);
jobHours(app);
jobRuns(app);
jobRequests(app);
ledger(app);
receipt(app);
pushes(app);
keptObjects(app);
rejected(app);
rejectedReasons(app);
redrive(app);
replay(app);
audit(app);
metricsJson(app);
alerts(app);
serviceLevel(app);
docs(app, openApiDocument(app));

for (const path of ["/v1/*", "/metrics", "/health", "/health/*", "/openapi.json", "/docs"]) {
  app.all(path, (c) => {
    refuseOtherMethods(app, c);
    throw nothingHere();
  });
}

/** Whatever the Worker does not serve itself is a page or a file of the console. */
app.all("*", (c) => {
  refuseOtherMethods(app, c);
  return serveFile(c);
});
