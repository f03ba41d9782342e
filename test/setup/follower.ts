import type {
  ApiError,
  Change,
  createClient,
  Following,
  LineState,
  LiveVehicle,
} from "tracksolid-edge/client";
import { vi } from "vitest";

/** Follows a fleet and keeps all it is told. */
export class Follower implements Disposable {
  readonly changes: Change[] = [];
  readonly states: LineState[] = [];
  stopped: ApiError | null = null;
  readonly following: Following;
  /** What the changes add up to: it must be what {@link Following.vehicles} holds. */
  readonly picture = new Map<string, LiveVehicle>();

  constructor(client: ReturnType<typeof createClient>) {
    this.following = client.follow({
      onChange: (change) => {
        this.changes.push(change);
        if (change.reset) this.picture.clear();
        for (const vehicle of change.vehicles) this.picture.set(vehicle.imei, vehicle);
        for (const imei of change.removed) this.picture.delete(imei);
      },
      onState: (state) => this.states.push(state),
      onStop: (error) => {
        this.stopped = error;
      },
    });
  }

  get state(): LineState | undefined {
    return this.states.at(-1);
  }

  /** Waits until what it was told satisfies something. */
  async until(condition: (follower: this) => boolean, timeout = 15_000): Promise<this> {
    await vi.waitFor(
      () => {
        if (condition(this)) return;
        throw new Error(
          `After ${this.changes.length} changes: ${JSON.stringify(this.state)}, stopped ${this.stopped}`,
        );
      },
      { timeout, interval: 20 },
    );
    return this;
  }

  [Symbol.dispose](): void {
    this.following.close();
  }
}
