import type { Dataset } from "../metrics/journal.ts";
import type { MetricsObject, RoomNamespace } from "../objects/room-api.ts";
import type { SettingName, Settings } from "../protocol/settings.ts";

/** Bindings of the Worker. All but `ROOM` are optional: bare workerd has none of them. */
export type Env = Readonly<Partial<Record<SettingName, string>>> & {
  readonly ROOM: RoomNamespace;
  /** The pages. */
  readonly ASSETS?: Fetcher;
  /** Requests from one address, of one user, and guests made from one address. */
  readonly ADDRESS_RATE?: RateLimit;
  readonly USER_RATE?: RateLimit;
  readonly GUEST_RATE?: RateLimit;
  /** Where rooms report what they count. */
  readonly METRICS?: DurableObjectNamespace<MetricsObject>;
  /** Analytics Engine. */
  readonly ANALYTICS?: Dataset;
};

/** What every `/v1` handler finds in its context. */
export interface AppEnv {
  readonly Bindings: Env;
  readonly Variables: { readonly settings: Settings };
}
