import { frameParser } from "../../protocol/client-frame-schema.ts";
import { takesFrame } from "../../protocol/frames.ts";
import type { RoomKind } from "../../room/hooks/kind.ts";
import { eventFrame } from "../../room/log/event-frame.ts";
import { SqlLastValues } from "./sql-last-values.ts";
import type { TopicChange, TopicFrame } from "./topic-frame.ts";
import { TopicRoom } from "./topic-room.ts";

/** Rooms of values that change, for dashboards. Those who watch come and go by the thousands. */
export const TOPIC: RoomKind<TopicFrame, TopicChange> = {
  name: "topic",
  prefix: "topic",
  presence: false,
  receipts: false,
  outside: "",
  log: { frame: eventFrame },
  archive: {
    lines: ["last"],
    sections: () => [
      {
        select: "SELECT event, data, timestamp FROM last_values WHERE event > ?",
        key: "event",
        from: "",
        line: ({ event, data, timestamp }) =>
          `{"type":"last","event":${JSON.stringify(event)},"data":${data},"timestamp":"${timestamp}"}`,
      },
    ],
    take(line, tables) {
      if (line.type !== "last") return;
      const { event, data, timestamp } = line;
      new SqlLastValues(tables).save(new Map([[event, { data, timestamp }]]));
    },
  },
  takes: (type) => takesFrame("topic", type),
  parser: ({ contentChars }) => frameParser("topic", contentChars),
  open: (ports) => new TopicRoom(ports),
};
