import type { Environment } from "./environment.ts";
import { ReadMarker } from "./read-marker.ts";
import type { Reset } from "./room-event.ts";
import type { RoomView } from "./room-view.ts";
import type { EphemeralFrame } from "./uplink.ts";

/** What receipts need of a room. */
export interface ReadRoom {
  readonly view: RoomView;
  readonly uplink: { say(frame: EphemeralFrame): boolean };
  readonly options: { readonly environment: Environment };
}

/** How far this user has read a room, as it says and as it is told. */
export class Receipts {
  readonly #view: RoomView;
  readonly #marker: ReadMarker;

  constructor({ view, uplink, options }: ReadRoom) {
    this.#view = view;
    this.#marker = new ReadMarker(options.environment, (upTo) =>
      uplink.say({ type: "read_messages", payload: { upTo } }),
    );
  }

  /** This user has read up to this `seq`. */
  mark(upTo: number): void {
    this.#marker.mark(upTo);
  }

  /** A connection is ready, after the thread was lost perhaps. */
  open(reset?: Reset): void {
    if (reset?.reason === "epoch") this.#marker.reset();
    this.confirm();
    this.#marker.open();
  }

  /** Somebody's receipt came, perhaps this user's own. */
  confirm(): void {
    this.#marker.confirm(this.#view.readOf(this.#view.joined?.userId ?? ""));
  }

  /** The connection is gone. */
  suspend(): void {
    this.#marker.suspend();
  }
}
