import * as z from "zod";

/** The first frame of a room of any kind, as far as it matters here; the rest is passed on. */
export const greetingSchema = z.looseObject({
  epoch: z.string(),
  seq: z.int(),
  recovered: z.boolean(),
  users: z.array(z.looseObject({ userId: z.string(), name: z.string() })),
  /** Where what follows begins, of a room that also tells those of its log who do not resume. */
  from: z.int().optional(),
  /** Of a topic. */
  last: z.unknown().optional(),
  /** Of an inbox. */
  unread: z.int().optional(),
});

/** The same, read. */
export type Greeting = z.infer<typeof greetingSchema>;

/** What whoever joins is told of a room, whatever its kind: what is the connection's own is left out. */
export function shown(room: string, greeting: Greeting): object {
  const { epoch: _e, recovered: _r, heartbeatMs: _h, limits: _l, origin: _o, ...about } = greeting;
  return { room, ...about, roomId: room };
}
