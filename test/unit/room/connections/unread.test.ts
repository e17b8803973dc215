import { describe, expect, it } from "vitest";
import { RAISED_LIMITS } from "../../../support/raised-limits.ts";
import { RoomScene, T0 } from "../support/scene.ts";

const LIMIT = 4 * 1024 * 1024;
/** A flush of it to each reader is a little over 400 kB. */
const FLUSH_FRAMES = 100;
const content = "x".repeat(4_000);

let messages = 0;

/** Flushes until a reader was sent about so many bytes, a second each. Returns the time after. */
function talk(scene: RoomScene, bytes: number, now = T0, heartbeat = (_: number) => {}): number {
  for (let sent = 0; sent < bytes; sent += FLUSH_FRAMES * content.length) {
    now += 1_000;
    heartbeat(now);
    for (let i = 0; i < FLUSH_FRAMES; i++) {
      messages += 1;
      const payload = { content };
      scene.hear("ada", { type: "send_message", messageId: `m${messages}`, payload }, now);
    }
    scene.flush(now);
  }
  return now;
}

function scene(): RoomScene {
  return new RoomScene("general", {
    LIMIT_UNREAD_BYTES: String(LIMIT),
    ...RAISED_LIMITS,
  });
}

describe("a connection that does not read", () => {
  it("is closed with 4408 once it was sent more than the limit without a sign of life (P9.7)", () => {
    const busy = scene();
    busy.join("ada");
    busy.join("stuck");
    const now = talk(busy, LIMIT * 0.9);
    expect(busy.sockets.closes).toEqual(new Map());
    talk(busy, LIMIT * 0.2, now);
    expect(busy.sockets.closes).toEqual(new Map([["stuck", 4408]]));
    expect(busy.room.users.map(({ userId }) => userId)).toEqual(["ada"]);
  });

  it("is sent nothing more from then on, and the others are told that it left", () => {
    const busy = scene();
    busy.join("ada");
    busy.join("stuck");
    const now = talk(busy, LIMIT * 1.2);
    const sent = busy.sockets.of("stuck").length;
    talk(busy, LIMIT * 0.5, now);
    expect(busy.sockets.of("stuck")).toHaveLength(sent);
    const left = busy.sockets.of("ada").filter(({ type }) => type === "user_left");
    expect(left).toMatchObject([{ payload: { userId: "stuck" } }]);
  });

  it("comes back with its cursor and misses nothing", () => {
    const busy = scene();
    busy.join("ada");
    busy.join("stuck");
    talk(busy, LIMIT * 1.2);
    const missed = 100;
    const { epoch, head } = busy.store.log;
    busy.join("stuck-2", { userId: "stuck" }, { seq: head - missed, epoch });
    const [greeting, ...told] = busy.sockets.of("stuck-2");
    const events = told.filter(({ seq }) => seq !== undefined);
    expect(greeting).toMatchObject({ type: "joined_room", payload: { recovered: true } });
    expect(events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: missed }, (_, i) => head - missed + 1 + i),
    );
  });

  it("is closed sooner when its heartbeat is lost, without waiting for the sweep", () => {
    const busy = new RoomScene("general", {
      ...RAISED_LIMITS,
    });
    busy.join("ada");
    busy.join("silent");
    busy.join("plain", { wire: "plain" });
    talk(busy, LIMIT, T0 + 35_000);
    expect(busy.sockets.closes).toEqual(new Map([["silent", 4408]]));
  });

  it("is not one that pings or sends, as long as the room has memory for that", () => {
    const busy = scene();
    for (const id of ["ada", "pings", "types"]) busy.join(id);
    talk(busy, LIMIT * 1.8, T0, (now) => {
      busy.sockets.pings.set("pings", now);
      busy.hear("types", { type: "typing_start" }, now);
    });
    expect(busy.sockets.closes).toEqual(new Map());
  });

  it("may be one without a subprotocol: it promised no heartbeat, but memory has an end", () => {
    const busy = scene();
    busy.join("ada");
    busy.join("plain", { wire: "plain" });
    const now = talk(busy, LIMIT * 0.9);
    expect(busy.sockets.closes).toEqual(new Map());
    talk(busy, LIMIT * 0.2, now);
    expect(busy.sockets.closes).toEqual(new Map([["plain", 4408]]));
  });
});
