import { frameParser } from "../../protocol/client-frame-schema.ts";
import { takesFrame } from "../../protocol/frames.ts";
import type { RoomKind } from "../../room/hooks/kind.ts";
import { eventFrame } from "../../room/log/event-frame.ts";
import type { ChatFrame } from "./chat-frame.ts";
import { ChatRoom } from "./chat-room.ts";
import type { ChatChange } from "./chat-view.ts";
import { SqlWriters } from "./sql-writers.ts";

/** Rooms in which people write to each other. */
export const CHAT: RoomKind<ChatFrame, ChatChange> = {
  name: "chat",
  prefix: undefined,
  presence: true,
  receipts: true,
  outside: "",
  log: { frame: eventFrame },
  archive: {
    lines: ["writer"],
    sections: () => [
      {
        select: "SELECT user_id FROM writers WHERE user_id > ?",
        key: "user_id",
        from: "",
        line: ({ user_id }) => JSON.stringify({ type: "writer", userId: user_id }),
      },
    ],
    take(line, tables) {
      if (line.type === "writer") new SqlWriters(tables).add(line.userId);
    },
  },
  takes: (type) => takesFrame("chat", type),
  parser: ({ contentChars }) => frameParser("chat", contentChars),
  open: (ports) => new ChatRoom(ports),
};
