import type { Json } from "../json.ts";
import type { User } from "../message.ts";
import type { ClientFrameRows, ServerFrameRows } from "./row.ts";

/** What is sent where people are told of each other. */
export interface PresenceClientPayloads {
  /** What its sender shows of itself while it is here; `null` takes it back. */
  readonly presence: { readonly data: Json };
}

/** What is told where people are told of each other. */
export interface PresenceServerPayloads {
  readonly user_updated: User & { readonly data: Json };
}

/** The frames by which people show something of themselves. */
export const PRESENCE_CLIENT_FRAMES = {
  // Whoever may not say anything here may not say it of itself either.
  presence: { needs: ["write", "publish"], conflated: true, tells: ["user_updated"] },
} as const satisfies ClientFrameRows<PresenceClientPayloads>;

/** The frames that tell what people show. */
export const PRESENCE_SERVER_FRAMES = {
  user_updated: {},
} as const satisfies ServerFrameRows<PresenceServerPayloads>;
