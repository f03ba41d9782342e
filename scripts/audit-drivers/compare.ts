import { plainPlate } from "../fleet/values.ts";
import type { Detail, Lists } from "./ask.ts";
import type { Audit, Fault, Finding, Remark, Remedy } from "./finding.ts";
import { checkDigitIsWrong, plainName, plainSim } from "./plain.ts";

type Device = Lists["devices"][number];

/** What counts of a device once everything has been brought. */
interface Counting {
  imei: string;
  plate: string | null;
  driver: string | null;
  sim: string | null;
}

/**
 * Compares what the vendor says with what the database has.
 * @param details Of devices that were asked for in full. A list leaves out drivers and much else, so that null in it says nothing.
 */
export function compare({ accounts, devices, unreadable }: Lists, details: Map<string, Detail>): Audit {
  const faults: Finding<Fault>[] = [
    ...accounts
      .filter((account) => account.devices === 0)
      .map(({ account }) => finding("account lists nothing", [], account, null, "targets")),
    ...unreadable.map(({ account, imei, name }) =>
      finding("names no device", [], [account, imei, name].filter(Boolean).join(" · "), null, "vendor"),
    ),
  ];
  const remarks: Finding<Remark>[] = [];
  for (const device of devices) {
    faults.push(...presenceOf(device));
    if (device.listed.length === 0) continue;
    const detail = details.get(device.imei);
    if (detail === null) faults.push(finding("not to be seen", [device.imei], null, null, "vendor"));
    const told = valuesOf(device, detail);
    faults.push(...told.faults);
    remarks.push(...told.remarks);
    if (checkDigitIsWrong(device.imei))
      remarks.push(finding("IMEI with a wrong check digit", [device.imei], device.imei, null, "none"));
  }
  const listed = devices.filter((device) => device.listed.length > 0);
  const counting = listed.map((device) => countingOf(device, details.get(device.imei)));
  return {
    accounts,
    listed: listed.length,
    enabled: devices.filter(({ registry }) => registry?.enabled).length,
    faults: [
      ...faults,
      ...twice("plate twice", counting, ({ plate }) => plainPlate(plate ?? "") || null, "vendor"),
      ...twice("SIM twice", counting, ({ sim }) => plainSim(sim), "vendor"),
    ],
    remarks: [
      ...remarks,
      ...twice("driver twice", counting, ({ driver }) => plainName(driver), "none"),
      ...without("no plate", counting, ({ plate }) => plate),
      ...without("no driver", counting, ({ driver }) => driver),
    ],
  };
}

const finding = <What extends Fault | Remark>(
  what: What,
  imeis: string[],
  vendor: string | null,
  database: string | null,
  remedy: Remedy,
): Finding<What> => ({ what, imeis, vendor, database, remedy });

/** Whether it is where it should be. */
function presenceOf({ imei, listed, registry }: Device): Finding<Fault>[] {
  const accounts = listed.map(({ account }) => account).join(", ");
  if (listed.length === 0) {
    return registry?.enabled ? [finding("listed by no account", [imei], null, registry.account, "sync")] : [];
  }
  return [
    ...(registry === null ? [finding("not in the database", [imei], accounts, null, "sync")] : []),
    ...(registry?.enabled === false ? [finding("disabled", [imei], accounts, registry.account, "sync")] : []),
    ...(listed.length > 1 ? [finding("listed twice", [imei], accounts, null, "vendor")] : []),
  ];
}

const VALUES = [
  { key: "name", what: "name", own: null },
  { key: "plate", what: "plate", own: "ownPlate" },
  { key: "driver", what: "driver", own: "ownDriver" },
  { key: "driverPhone", what: "phone", own: "ownDriver" },
  { key: "sim", what: "SIM", own: null },
] as const;

/** What is said of a device that both have. */
function valuesOf(
  device: Device,
  detail: Detail | undefined,
): { faults: Finding<Fault>[]; remarks: Finding<Remark>[] } {
  const faults: Finding<Fault>[] = [];
  const remarks: Finding<Remark>[] = [];
  const { imei, registry } = device;
  if (registry === null) return { faults, remarks };
  if (detail?.account && detail.account !== registry.account)
    faults.push(finding("account", [imei], detail.account, registry.account, "sync"));
  for (const { key, what, own } of VALUES) {
    const vendor = saidBy(device, detail, key);
    const database = registry[key];
    if (vendor === database) continue;
    if (own !== null && registry[own]) {
      const remark = own === "ownPlate" ? "plate is ours" : "driver is ours";
      if (vendor !== null) remarks.push(finding(remark, [imei], vendor, database, "none"));
    } else if (vendor !== null) faults.push(finding(what, [imei], vendor, database, "sync"));
    else if (detail) remarks.push(finding("no longer told", [imei], null, `${what} ${database}`, "none"));
  }
  return { faults, remarks };
}

const saidBy = (
  { listed }: Device,
  detail: Detail | undefined,
  key: (typeof VALUES)[number]["key"],
): string | null => detail?.[key] ?? listed.find((list) => list[key] !== null)?.[key] ?? null;

function countingOf(device: Device, detail: Detail | undefined): Counting {
  const { imei, registry } = device;
  const value = (key: "plate" | "driver" | "sim", isOwn: boolean | undefined) =>
    (isOwn ? null : saidBy(device, detail, key)) ?? registry?.[key] ?? null;
  return {
    imei,
    plate: value("plate", registry?.ownPlate),
    driver: value("driver", registry?.ownDriver),
    sim: value("sim", false),
  };
}

/** What several vehicles have, each a finding. */
function twice<What extends Fault | Remark>(
  what: What,
  counting: Counting[],
  read: (one: Counting) => string | null,
  remedy: Remedy,
): Finding<What>[] {
  const groups = Map.groupBy(counting, read);
  return [...groups].flatMap(([value, group]) =>
    value === null || group.length < 2
      ? []
      : [
          finding(
            what,
            group.map(({ imei }) => imei),
            value,
            null,
            remedy,
          ),
        ],
  );
}

/** Vehicles without something, all one finding. */
function without<What extends Remark>(
  what: What,
  counting: Counting[],
  read: (one: Counting) => string | null,
): Finding<What>[] {
  const imeis = counting.filter((one) => read(one) === null).map(({ imei }) => imei);
  return imeis.length === 0 ? [] : [finding(what, imeis, null, null, "none")];
}
