import type { ClientFrameType } from "./client-frame.ts";
import type { LogKind } from "./room-name.ts";

const EVERYWHERE = ["refresh_token", "leave_room", "ping"] as const;

/** The frames that each kind of room takes (CONTRACT §2). */
export const FRAMES_BY_KIND: Readonly<Record<LogKind, ReadonlySet<ClientFrameType>>> = {
  chat: /* @__PURE__ */ new Set<ClientFrameType>([
    "send_message",
    "edit_message",
    "delete_message",
    "react",
    "typing_start",
    "typing_end",
    "read_messages",
    "publish",
    ...EVERYWHERE,
  ]),
  inbox: /* @__PURE__ */ new Set<ClientFrameType>(["read_notifications", ...EVERYWHERE]),
  topic: /* @__PURE__ */ new Set<ClientFrameType>(["publish", ...EVERYWHERE]),
};
