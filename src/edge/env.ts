import type { Dataset } from "../metrics/journal.ts";
import type { DocumentNamespace } from "../objects/document-api.ts";
import type { MetricsObject, RoomNamespace } from "../objects/room-api.ts";
import type { SettingName, Settings } from "../protocol/settings.ts";
import type { Gate } from "./gate.ts";
import type { HubNamespace } from "./hub-api.ts";

/** Bindings of the Worker. All but `ROOM` are optional: bare workerd has few of them. */
export type Env = Readonly<Partial<Record<SettingName, string>>> & {
  readonly ROOM: RoomNamespace;
  /** Yjs documents. */
  readonly DOCUMENT?: DocumentNamespace;
  /** Clients of Socket.IO that poll. */
  readonly SOCKETIO?: HubNamespace;
  /** Requests from one address, of one user, and guests made from one address. */
  readonly ADDRESS_RATE?: RateLimit;
  readonly USER_RATE?: RateLimit;
  readonly GUEST_RATE?: RateLimit;
  /** Where rooms report what they count. */
  readonly METRICS?: DurableObjectNamespace<MetricsObject>;
  /** Analytics Engine. */
  readonly ANALYTICS?: Dataset;
};

/** What handlers find in their context; those outside of `/v1` have no `settings`. */
export interface AppEnv {
  readonly Bindings: Env;
  readonly Variables: {
    readonly settings: Settings;
    /** Who may do what in rooms. */
    readonly gate: Gate;
    /** The path below which the app is mounted; empty when it is the whole Worker. */
    readonly base: string;
  };
}
