import type { Json } from "../protocol/json.ts";

/**
 * What JSON can carry of a type: the type itself, an `interface` too, and `never` in place of what it
 * cannot, such as functions, symbols, bigints and dates (write those as text), and `undefined` in a
 * list.
 */
export type Jsonable<T> = T extends Json | undefined
  ? T
  : T extends ((...args: never) => unknown) | symbol | bigint
    ? never
    : T extends readonly unknown[]
      ? { readonly [K in keyof T]: undefined extends T[K] ? never : Jsonable<T[K]> }
      : T extends object
        ? { readonly [K in keyof T]: Jsonable<T[K]> }
        : never;

/** What goes with a message, and what is published, in rooms that an application gives types to. */
export interface RoomTypes {
  /** Of `data` beside a message. */
  readonly data?: unknown;
  /** Of published events, by name. */
  readonly events?: unknown;
}

/** The `data` of a room's messages. */
export type DataOf<T, Untyped = Json> = T extends { readonly data: infer Data } ? Data : Untyped;

/** A room's published events, by name. */
export type EventsOf<T, Untyped = Json> = T extends { readonly events: infer Events }
  ? Events
  : Readonly<Record<string, Untyped>>;

/** Something that was published. */
export type Published<Events> = {
  readonly [K in keyof Events & string]: {
    readonly event: K;
    readonly data: Events[K];
    readonly userId: string;
  };
}[keyof Events & string];
