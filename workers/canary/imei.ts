/** The canary's IMEI. No device has it: type approval code 99 is of none that is sold. */
export const CANARY_IMEI = "990000000000001";
