import type { Json } from "./json.ts";

/** What a notification says; whoever sends it decides (P8.1). */
export interface NotificationContent {
  /** What it is about, for the application: `mention`, `reply`, or the backend's own word. */
  readonly type: string;
  readonly title: string;
  readonly body?: string | undefined;
  /** Where it leads: `http(s)://…`, or a path of the application. */
  readonly url?: string | undefined;
  readonly data?: Json | undefined;
}

/** A notification as its owner sees it. */
export interface Notification extends NotificationContent {
  readonly seq: number;
  /** The sender's own key for it: the same one is never stored twice. */
  readonly id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly read: boolean;
}

/**
 * How a notification's JSON text ends where it is stored; whether it was read meanwhile is known
 * elsewhere.
 */
export const UNREAD_ENDING = '"read":false}';

/** Notifications that were read: all up to one, or some by name. */
export type NotificationsRead = { readonly upTo: number } | { readonly ids: readonly number[] };

/** A page of an inbox over HTTP. */
export interface NotificationPage {
  /** Oldest first. */
  readonly notifications: readonly Notification[];
  readonly unread: number;
  readonly hasMore: boolean;
  readonly epoch: string;
  readonly seq: number;
}
