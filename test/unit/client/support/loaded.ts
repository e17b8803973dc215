import type { Transport, Way } from "../../../../src/client/transport.ts";

/** A client of one room. */
export const ALONE = { multiplex: "never", wire: "json", rooms: { size: 1 } } as const;

/** A transport with its code, once that is there. */
export async function loaded(way: Way): Promise<Transport> {
  if ("open" in way) return way;
  return loaded("choose" in way ? way.choose() : await way.load());
}
