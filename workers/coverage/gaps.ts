import type postgres from "postgres";

/** A hole in what is known of a vehicle. */
export interface Gap extends postgres.Row {
  imei: string;
  account: string | null;
  gap_from: Date;
  gap_to: Date;
}

/** A gap that was judged. */
export interface JudgedGap extends Gap {
  verdict: "filled" | "none" | "again";
}
