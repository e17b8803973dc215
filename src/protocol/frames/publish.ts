import type { Json } from "../json.ts";
import type { ClientFrameRows, ServerFrameRows } from "./row.ts";

/** Payload of `publish`. */
export interface Publish {
  readonly event: string;
  readonly data: Json;
  /** Of several values of one event in one flush, only the newest need arrive. */
  readonly conflate?: boolean | undefined;
}

/** What is sent where values are published. */
export interface PublishClientPayloads {
  readonly publish: Publish;
}

/** What is told where values are published. */
export interface PublishServerPayloads {
  readonly event: { readonly event: string; readonly data: Json; readonly userId: string };
}

/** The frames that publish values. */
export const PUBLISH_CLIENT_FRAMES = {
  publish: {
    needs: ["publish"],
    http: { method: "POST", path: "/v1/rooms/:room/publish", status: 202 },
    tells: ["event"],
  },
} as const satisfies ClientFrameRows<PublishClientPayloads>;

/** The frames that tell what was published. */
export const PUBLISH_SERVER_FRAMES = {
  event: {},
} as const satisfies ServerFrameRows<PublishServerPayloads>;
