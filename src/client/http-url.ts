import type { Address, Cursor, NotificationQuery, PageQuery, Query, Wants } from "./address.ts";

/** Of what is below a room's own path. */
export function roomUrl(address: Address, room: string, path: string, query?: Query): string {
  return address.http(`rooms/${encodeURIComponent(room)}/${path}`, query);
}

/** Of a room's event stream; `cursor` and `wants` as for a WebSocket. */
export function eventsUrl(
  address: Address,
  room: string,
  cursor: Cursor | undefined,
  wants: Wants,
): string {
  const query = { ...wants, since: cursor?.seq, epoch: cursor?.epoch };
  return roomUrl(address, room, "events", query);
}

/** Of a poll that waits for so many seconds. */
export function pollUrl(
  address: Address,
  room: string,
  cursor: Cursor | undefined,
  wait: number,
  contract?: string,
): string {
  const query = { contract, since: cursor?.seq, epoch: cursor?.epoch, wait };
  return roomUrl(address, room, "poll", query);
}

/** Of a page of a room's history. */
export function messagesUrl(
  address: Address,
  room: string,
  { before, after, limit }: PageQuery,
): string {
  return roomUrl(address, room, "messages", { before, after, limit });
}

/** Of a page of a user's inbox. */
export function notificationsUrl(
  address: Address,
  userId: string,
  { before, limit, unread }: NotificationQuery,
): string {
  const path = `users/${encodeURIComponent(userId)}/notifications`;
  return address.http(path, { before, limit, unread });
}
