import type { Environment, Socket, SocketEvents } from "../../../client/environment.ts";
import { Lane, type LaneClock } from "./lane.ts";

/**
 * A line to the server that can be made longer than it is: half of the added latency each way, as if
 * the server were that far off. It is for what goes by WebSocket.
 */
export class LongLine {
  /** What is added to a round trip, in milliseconds; also for what is connected already. */
  latencyMs = 0;
  readonly #environment: Pick<Environment, "openSocket">;
  readonly #clock: LaneClock;

  constructor(environment: Pick<Environment, "openSocket">, clock: LaneClock) {
    this.#environment = environment;
    this.#clock = clock;
  }

  /** In place of the platform's own ({@link Environment.openSocket}). */
  readonly openSocket = (
    url: string,
    protocols: readonly string[],
    events: SocketEvents,
  ): Socket => {
    const halfWayMs = () => this.latencyMs / 2;
    const up = new Lane(this.#clock, halfWayMs);
    const down = new Lane(this.#clock, halfWayMs);
    const socket = this.#environment.openSocket(url, protocols, {
      open: () => down.carry(() => events.open?.()),
      message: (data) => down.carry(() => events.message(data)),
      close: (code) => down.carry(() => events.close(code)),
    });
    return {
      send: (data) => up.carry(() => socket.send(data)),
      close: (code, reason) => up.carry(() => socket.close(code, reason)),
    };
  };
}
