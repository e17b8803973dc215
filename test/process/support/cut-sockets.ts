import type { Environment, Socket } from "../../../src/client/environment.ts";

/** Opens an SDK's sockets as the platform does, counts what it sends over them, and cuts them off. */
export class CutSockets {
  readonly #open = new Set<WebSocket>();
  /** How many sockets were opened. */
  opened = 0;
  /** How many frames were sent, by their first two bytes, as `0 2`. */
  readonly sent: string[] = [];
  /** What of the platform the SDK is to have in its place. */
  readonly environment: Pick<Environment, "openSocket"> = {
    openSocket: (url, protocols, events): Socket => {
      const socket = new WebSocket(url, [...protocols]);
      this.opened += 1;
      socket.binaryType = "arraybuffer";
      socket.onopen = () => {
        this.#open.add(socket);
        events.open?.();
      };
      socket.onmessage = ({ data }) => events.message(data);
      socket.onclose = ({ code }) => {
        this.#open.delete(socket);
        events.close(code);
      };
      socket.onerror = () => {};
      return {
        send: (data) => {
          if (typeof data !== "string") this.sent.push(`${data[0]} ${data[1]}`);
          socket.send(data);
        },
        close: (code, reason) => socket.close(code, reason),
      };
    },
  };

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Has the network end all of them: the SDK hears of it, and the server as soon as it can. */
  cut(): void {
    for (const socket of [...this.#open]) {
      socket.onclose?.call(socket, new CloseEvent("close", { code: 1006 }));
      socket.onclose = null;
      socket.onmessage = null;
      this.#open.delete(socket);
      socket.close();
    }
  }
}
