import { frozen } from "../../contract/frozen.ts";
import type { Actor } from "../../room/actor.ts";

/** Who acts, as rules see it. What `authorize` said of a person is read-only however deep. */
export function personOf({ userId: id, name, backend, member }: Actor) {
  return Object.freeze(
    backend === true
      ? { system: true, id, name }
      : { system: false, id, name, member: frozen(member) },
  );
}
