/** Header in which the Worker tells the hub the address that limits count by. */
export const ADDRESS_HEADER = "x-hibiki-address";

/** Header in which the Worker tells a hub the id of the connection that it carries. */
export const SID_HEADER = "x-hibiki-sid";

/** A connection that changes to a WebSocket. */
export interface Change {
  /** What its session needs to go on elsewhere. */
  readonly from: string;
  /** Packets that its client was not told yet. */
  readonly packets: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

/** What a hub answers, beside requests of clients that poll. */
export interface HubApi {
  /** Whether a client polls here, and may change to a WebSocket. */
  knows(sid: string): Promise<boolean>;
  /** A WebSocket is tried. Returns whether there is anything to change. */
  probe(sid: string): Promise<boolean>;
  /** The client has changed; `undefined` when its connection is over, or has changed before. */
  change(sid: string): Promise<Change | undefined>;
  /** How many clients it has; those too that have changed in these seconds. */
  size(): Promise<number>;
  /** The session goes on elsewhere: its rooms are entered there. */
  release(sid: string): Promise<void>;
}

/** Hubs by their names, `sio:<k>`. */
export interface HubNamespace {
  getByName(name: string): HubApi & Pick<Fetcher, "fetch">;
}
