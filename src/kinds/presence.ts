import type { Schema } from "../contract/schema.ts";
import type { Validated } from "../contract/standard-schema.ts";
import type { Refusal } from "../protocol/error.ts";
import type { PresenceClientPayloads } from "../protocol/frames/presence.ts";
import type { Hands } from "./extension.ts";

type Payload = PresenceClientPayloads["presence"];

/** Somebody shows something of itself, in a room of whatever kind. */
interface Showing {
  readonly data: Payload;
  readonly tx: Pick<Hands<never>, "present">;
}

/** Tells the others what somebody shows, and keeps it while that person is here. */
export function presence({ data: { data }, tx }: Showing): Refusal | undefined {
  return tx.present(data);
}

/** The payload of `presence` in rooms of a team's own kind: `null`, or what its contract's schema takes. */
export function presencePayload(schema: Schema): Schema {
  const validate = (payload: unknown) => {
    if (typeof payload !== "object" || payload === null || !Object.hasOwn(payload, "data")) {
      return { issues: [{ message: "needs data, which may be null", path: ["data"] }] };
    }
    const { data } = payload as Payload;
    if (data === null) return { value: { data } };
    const validated = schema["~standard"].validate(data);
    return validated instanceof Promise ? validated : within(validated);
  };
  return { "~standard": { version: 1, vendor: "hibiki", validate } };
}

/** What came of the data, as that of the payload that it stands in. */
function within(validated: Validated<unknown>): Validated<unknown> {
  if (validated.issues === undefined) return { value: { data: validated.value ?? null } };
  const { issues } = validated;
  return { issues: issues.map((issue) => ({ ...issue, path: ["data", ...(issue.path ?? [])] })) };
}
