import type { Transport, Way } from "../../../../src/client/transport.ts";

/** A transport with its code, once that is there. */
export async function loaded(way: Way): Promise<Transport> {
  return "open" in way ? way : loaded(await way.load());
}
