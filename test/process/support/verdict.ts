import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { Books } from "./books.ts";
import type { StoredRoom } from "./stored-room.ts";

/**
 * What breaks a promise, of everything that those who wrote in a room were told, against what lies
 * on the disk: acked and not stored, refused and stored, stored twice or never sent, a gap, a phantom.
 */
export function faultsOf(room: StoredRoom, everyone: readonly Books[]): readonly string[] {
  const faults: string[] = everyone.flatMap((books) => books.faults);
  if (room.integrity !== "ok") faults.push(`${room.name} is corrupt: ${room.integrity}`);
  const seqs = new Map<string, number>();
  room.events.forEach(({ seq, userId, messageId }, index) => {
    if (seq !== index + 1) faults.push(`${room.name} has ${seq} in place ${index + 1}`);
    const key = `${userId} ${messageId}`;
    if (seqs.has(key)) faults.push(`${key} is stored as ${seqs.get(key)} and as ${seq}`);
    seqs.set(key, seq);
  });
  for (const { userId, acked, refused, seen, operations } of everyone) {
    for (const [messageId, savedId] of acked) {
      const seq = seqs.get(`${userId} ${messageId}`);
      if (seq === undefined && repeats(operations.get(messageId), userId, savedId, room)) continue;
      if (seq !== savedId) faults.push(`${messageId} was acked as ${savedId} and is ${seq}`);
    }
    for (const [messageId, code] of refused) {
      const seq = seqs.get(`${userId} ${messageId}`);
      if (seq !== undefined) faults.push(`${messageId} was refused as ${code} and is ${seq}`);
    }
    for (const [seq, messageId] of seen) {
      const stored = room.events[seq - 1]?.messageId;
      if (stored !== messageId) faults.push(`${seq} was shown as ${messageId} and is ${stored}`);
    }
  }
  const sent = new Set(
    everyone.flatMap(({ userId, operations }) =>
      [...operations.keys()].map((id) => `${userId} ${id}`),
    ),
  );
  for (const { userId, messageId } of room.events) {
    if (!sent.has(`${userId} ${messageId}`)) faults.push(`nobody sent ${messageId} of ${userId}`);
  }
  return faults;
}

/** How many of the stored events somebody was told of by an ack; a reaction that changed nothing is none. */
export function ackedEvents(room: StoredRoom, everyone: readonly Books[]): number {
  const acked = new Set(
    everyone.flatMap(({ userId, acked: own }) => [...own.keys()].map((id) => `${userId} ${id}`)),
  );
  return room.events.filter(({ userId, messageId }) => acked.has(`${userId} ${messageId}`)).length;
}

/**
 * Whether what was sent is a reaction that changed nothing: it is answered as the reaction that it
 * repeats, or as the message.
 */
function repeats(operation: unknown, userId: string, savedId: number, room: StoredRoom): boolean {
  const reaction = reactionSchema.safeParse(operation);
  if (!reaction.success) return false;
  const { seq, emoji, remove } = reaction.data.payload;
  const wanted = { seq, emoji, userId, remove: remove === true };
  const isWanted = ({ payload }: StoredRoom["events"][number]) => {
    const said = storedReactionSchema.safeParse(JSON.parse(payload));
    return said.success && isDeepStrictEqual({ remove: false, ...said.data }, wanted);
  };
  // What was never there can be taken away; what is there already was once put there.
  if (savedId === seq) return remove === true || room.events.some(isWanted);
  const stored = room.events[savedId - 1];
  return stored !== undefined && isWanted(stored);
}

const reactionSchema = z.object({
  type: z.literal("react"),
  payload: z.object({ seq: z.int(), emoji: z.string(), remove: z.boolean().optional() }),
});

const storedReactionSchema = z.strictObject({
  seq: z.int(),
  emoji: z.string(),
  userId: z.string(),
  remove: z.literal(true).optional(),
});
