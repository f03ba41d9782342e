/** Who can set it right. */
export type Remedy =
  /** The job `devices`, which `--apply` has run. */
  | "sync"
  /** Somebody in Tracksolid Pro. */
  | "vendor"
  /** Whoever sets TRACKSOLID_TARGETS. */
  | "targets"
  /** Nobody need. */
  | "none";

/** What an audit finds wrong. */
export type Fault =
  | "not in the database"
  | "disabled"
  | "listed by no account"
  | "account lists nothing"
  | "names no device"
  | "listed twice"
  | "plate twice"
  | "SIM twice"
  | "not to be seen"
  | "account"
  | "name"
  | "plate"
  | "driver"
  | "phone"
  | "SIM";

/** What it remarks: nothing differs that should not. */
export type Remark =
  | "no plate"
  | "no driver"
  | "driver twice"
  | "no longer told"
  | "plate is ours"
  | "driver is ours"
  | "IMEI with a wrong check digit";

export interface Finding<What extends Fault | Remark> {
  what: What;
  /** Whom it is about. */
  imeis: string[];
  vendor: string | null;
  database: string | null;
  remedy: Remedy;
}

/** What came of an audit. */
export interface Audit {
  accounts: { account: string; devices: number }[];
  /** Devices that an account lists. */
  listed: number;
  /** Vehicles of the database that are enabled. */
  enabled: number;
  faults: Finding<Fault>[];
  remarks: Finding<Remark>[];
}
