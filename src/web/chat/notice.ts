import type { Notification } from "../../client/index.ts";
import { isRecord } from "../identity/identity.ts";
import { isChatRoom, placeOf } from "./room-path.ts";
import { parseAddress } from "./text/address.ts";

/** Where a notification leads. */
export type Destination =
  | { readonly kind: "room"; readonly room: string; readonly seq: number | undefined }
  | { readonly kind: "link"; readonly href: string; readonly isElsewhere: boolean }
  | { readonly kind: "nowhere" };

/** Where a notification leads: what its sender says, else the message that it is about. */
export function destinationOf(
  { url, data }: Pick<Notification, "url" | "data">,
  origin: string,
): Destination {
  const link = url === undefined ? undefined : parseAddress(url, origin);
  if (link !== undefined) return byLink(link, origin);
  if (!isRecord(data)) return { kind: "nowhere" };
  const { room, seq } = data;
  if (typeof room !== "string" || !isChatRoom(room)) return { kind: "nowhere" };
  return { kind: "room", room, seq: typeof seq === "number" ? seq : undefined };
}

/** Who a mention or a reply is from, and where it was said; both are somebody's own words. */
export interface Origin {
  readonly who: string;
  readonly room: string;
}

/** What a notice of the server's own says in its data; `undefined` for what a backend sends. */
export function originOf({ type, data }: Pick<Notification, "type" | "data">): Origin | undefined {
  if ((type !== "mention" && type !== "reply") || !isRecord(data)) return undefined;
  const { room, userName, userId } = data;
  const who = userName ?? userId;
  return typeof who === "string" && typeof room === "string" ? { who, room } : undefined;
}

function byLink(link: URL, origin: string): Destination {
  // The server checks it too (P8.1), but a link that runs code is not worth trusting anyone.
  if (link.protocol !== "https:" && link.protocol !== "http:") return { kind: "nowhere" };
  if (link.origin !== origin) return { kind: "link", href: link.href, isElsewhere: true };
  const { room, seq } = placeOf(link);
  return room === undefined || link.search !== ""
    ? { kind: "link", href: link.href, isElsewhere: false }
    : { kind: "room", room, seq };
}
