import type { AnyContract, State, Stored } from "../contract/contract.ts";
import type { Permission } from "../contract/rules.ts";
import type { Frozen, In, Out, ServerOnly } from "../contract/schema.ts";

/** Events that a client may send. */
type Sendable<Events> = {
  [K in keyof Events]: Events[K] extends ServerOnly ? never : K;
}[keyof Events] &
  string;

/** What a listener is handed: of a signal there is no `seq`. */
export type Heard<C extends AnyContract, K> = K extends keyof C["events"]
  ? Stored<C["events"][K]>
  : K extends keyof C["signals"]
    ? Omit<Stored<C["signals"][K]>, "seq">
    : never;

/** A room as one person has it. */
export interface LiveRoom<C extends AnyContract> {
  /** `undefined` before the first join. */
  readonly state: State<C> | undefined;
  readonly you:
    | { readonly can: readonly Permission[]; readonly member: Frozen<Out<C["member"]>> }
    | undefined;
  readonly status: "connecting" | "open" | "reconnecting" | "closed";
  readonly users: readonly { readonly userId: string; readonly name: string }[];
  /** Resolves when it is stored. */
  send<K extends Sendable<C["events"]>>(
    type: K,
    data: In<C["events"][K]>,
  ): Promise<{ readonly seq: number; readonly duplicate: boolean }>;
  signal<K extends keyof C["signals"] & string>(type: K, data: In<C["signals"][K]>): void;
  on<K extends (keyof C["events"] | keyof C["signals"]) & string>(
    type: K,
    hear: (event: Heard<C, K>) => void,
  ): () => void;
  leave(): Promise<void>;
}
