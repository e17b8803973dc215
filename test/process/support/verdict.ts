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
  for (const { userId, acked, refused, seen } of everyone) {
    for (const [messageId, savedId] of acked) {
      const seq = seqs.get(`${userId} ${messageId}`);
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
