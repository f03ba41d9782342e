/** The vendor's error codes the simulator answers (reference §1.9). */
export const CODE = {
  busy: -1,
  parameter: 1001,
  illegal: 1002,
  token: 1004,
  ipLimit: 1005,
  frequency: 1006,
  httpMethod: 1007,
} as const;

/** Ends a call with a code and a message, as the vendor words it. */
export class VendorError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The comma is full-width at the vendor too (§4, quirk 25). */
export const invalidToken = (): VendorError =>
  new VendorError(CODE.token, "Illegal request，token is invalid");

export const badParameter = (name: string): VendorError =>
  new VendorError(CODE.parameter, `Parameter validation failed: ${name}`);

export const illegal = (what: string): VendorError => new VendorError(CODE.illegal, `Illegal ${what}`);

export const tooFrequentToday = (): VendorError =>
  new VendorError(CODE.frequency, "Request frequency is too high today!");

export const tooFrequent = (): VendorError =>
  new VendorError(CODE.frequency, "Illegal access, request frequency is too high");
