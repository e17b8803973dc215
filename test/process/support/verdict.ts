import type { Person } from "./person.ts";
import type { StoredRoom } from "./stored-room.ts";

/**
 * What breaks a promise, of everything that the people of a room were told, against what lies on
 * the disk: acked and not stored, stored twice or never sent, a gap, a phantom.
 *
 * @param strangers who else wrote there, and keeps no books.
 */
export function faultsOf(
  room: StoredRoom,
  people: readonly Person[],
  strangers: readonly string[] = [],
): readonly string[] {
  const faults: string[] = people.flatMap((person) => person.faults);
  if (room.integrity !== "ok") faults.push(`${room.name} is corrupt: ${room.integrity}`);
  const seqs = new Map<string, number>();
  room.events.forEach(({ seq, userId, messageId }, index) => {
    if (seq !== index + 1) faults.push(`${room.name} has ${seq} in place ${index + 1}`);
    const key = `${userId} ${messageId}`;
    if (seqs.has(key)) faults.push(`${key} is stored as ${seqs.get(key)} and as ${seq}`);
    seqs.set(key, seq);
  });
  for (const person of people) {
    for (const [messageId, savedId] of person.acked) {
      const seq = seqs.get(`${person.userId} ${messageId}`);
      if (seq !== savedId) faults.push(`${messageId} was acked as ${savedId} and is ${seq}`);
    }
    for (const [seq, messageId] of person.fold.messageIds) {
      const stored = room.events[seq - 1]?.messageId;
      if (stored !== messageId) faults.push(`${seq} was shown as ${messageId} and is ${stored}`);
    }
  }
  const sent = new Set(
    people.flatMap(({ userId, operations }) =>
      [...operations.keys()].map((id) => `${userId} ${id}`),
    ),
  );
  for (const { userId, messageId } of room.events) {
    const isKnown = strangers.includes(userId) || sent.has(`${userId} ${messageId}`);
    if (!isKnown) faults.push(`nobody sent ${messageId} of ${userId}`);
  }
  return faults;
}
