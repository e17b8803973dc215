/** Names the room that a request is for, between the processes of a split server. */
const ROOM_HEADER = "X-Bench-Room";

/** What of the rooms' namespace is needed to come into one. */
export interface Rooms {
  getByName(name: string): Pick<Fetcher, "fetch">;
}

/**
 * The rooms of another process, for a Worker that only enters them: there is no RPC through this door.
 *
 * @param process a server whose entry is {@link throughDoor}.
 */
export function roomsBehind(process: Pick<Fetcher, "fetch">): Rooms {
  return {
    getByName: (name) => ({
      fetch: (input: RequestInfo | URL, init?: RequestInit) => {
        const request = new Request(input, init);
        const headers = new Headers(request.headers);
        headers.set(ROOM_HEADER, encodeURIComponent(name));
        return process.fetch("http://rooms/", { headers });
      },
    }),
  };
}

/** Hands a request on to the room that it is for; `undefined` for what comes by no such door. */
export function throughDoor(request: Request, rooms: Rooms): Promise<Response> | undefined {
  const name = request.headers.get(ROOM_HEADER);
  if (name === null) return undefined;
  const headers = new Headers(request.headers);
  return rooms.getByName(decodeURIComponent(name)).fetch("https://room/", { headers });
}
