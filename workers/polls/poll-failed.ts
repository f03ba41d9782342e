/** A run that did not do all it set out to do. Thrown so that the platform shows the tick as failed. */
export class PollFailed extends Error {
  override name = "PollFailed";
}
