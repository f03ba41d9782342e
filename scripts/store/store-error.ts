/** What a store did not do, in words for whoever runs a command. */
export class StoreError extends Error {
  /** Whether it may go well a moment later. */
  readonly mayPass: boolean;

  constructor(message: string, { mayPass, cause }: { mayPass: boolean; cause?: unknown }) {
    super(message, { cause });
    this.mayPass = mayPass;
  }
}
