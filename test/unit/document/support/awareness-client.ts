import * as awarenessProtocol from "y-protocols/awareness";
import * as Y from "yjs";

/**
 * The presence of a stock y-websocket client: real `y-protocols/awareness`, and its provider's handlers
 * (y-websocket 3.1.0, src/y-websocket.js): it says what it shows when it connects, repeats all that
 * changes whoever said it, and forgets the others when it loses its connection.
 */
export class AwarenessClient {
  readonly doc = new Y.Doc();
  readonly awareness = new awarenessProtocol.Awareness(this.doc);
  /** What it has sent and the server has not heard yet. */
  readonly up: Uint8Array[] = [];
  readonly down: Uint8Array[] = [];
  readonly userId: string;
  /** One for each socket. */
  connection: string | undefined;

  constructor(client: number, userId: string) {
    this.userId = userId;
    this.doc.clientID = client;
    this.awareness.clientID = client;
    this.awareness.states.clear();
    this.awareness.meta.clear();
    this.awareness.setLocalState({});
    this.awareness.on("update", ({ added, updated, removed }: Changes) => {
      this.#say([...added, ...updated, ...removed]);
    });
  }

  show(state: object | null): void {
    this.awareness.setLocalState(state as Record<string, unknown> | null);
  }

  connect(connection: string): void {
    this.connection = connection;
    this.up.length = 0;
    this.down.length = 0;
    if (this.awareness.getLocalState() !== null) this.#say([this.awareness.clientID]);
  }

  disconnect(): void {
    this.connection = undefined;
    this.up.length = 0;
    this.down.length = 0;
    const others = [...this.awareness.getStates().keys()].filter(
      (id) => id !== this.awareness.clientID,
    );
    awarenessProtocol.removeAwarenessStates(this.awareness, others, this);
  }

  hear(update: Uint8Array): void {
    awarenessProtocol.applyAwarenessUpdate(this.awareness, update, this);
  }

  /** What it sees, of itself as well. */
  get sees(): Record<number, unknown> {
    return Object.fromEntries(this.awareness.getStates());
  }

  destroy(): void {
    this.awareness.destroy();
    this.doc.destroy();
  }

  #say(clients: number[]): void {
    if (this.connection === undefined) return;
    this.up.push(awarenessProtocol.encodeAwarenessUpdate(this.awareness, clients));
  }
}

interface Changes {
  readonly added: number[];
  readonly updated: number[];
  readonly removed: number[];
}
