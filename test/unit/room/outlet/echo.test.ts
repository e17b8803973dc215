import { decode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import type { WireMessage } from "../../../../src/protocol/bundle.ts";
import { EncodedFrame } from "../../../../src/protocol/encoded-frame.ts";
import type { Wire } from "../../../../src/protocol/subprotocol.ts";
import type { Connection } from "../../../../src/room/connections/connection.ts";
import type { Outgoing } from "../../../../src/room/hooks/effect.ts";
import { fanOut } from "../../../../src/room/outlet/fan-out.ts";
import { seededRandom } from "../../../../src/testing/seeded-random.ts";
import { connection } from "../support/connection.ts";
import { RoomScene, T0 } from "../support/scene.ts";

interface Frame {
  readonly type: string;
  readonly payload: unknown;
}

function framesIn(message: WireMessage): readonly Frame[] {
  const frame = (typeof message === "string" ? JSON.parse(message) : decode(message)) as Frame;
  return frame.type === "batch" ? (frame.payload as readonly Frame[]) : [frame];
}

function told(connections: readonly Connection[], outgoing: readonly Outgoing[]) {
  const heard = new Map<string, number[]>(connections.map(({ id }) => [id, []]));
  const parcels = fanOut(connections, outgoing, T0);
  for (let next = parcels.next(T0); !next.done; next = parcels.next(T0)) {
    const { connection, message } = next.value;
    const data = framesIn(message).map(({ payload }) => (payload as { data: number }).data);
    heard.get(connection.id)?.push(...data);
  }
  return heard;
}

function item(data: number, audience: Outgoing["audience"], owed: boolean): Outgoing {
  const payload = { event: "e", data, userId: "u" };
  const frame = EncodedFrame.of({ type: "event", timestamp: "t", payload });
  return { audience, frame, place: data, ...(owed ? { owedToNewcomers: true as const } : {}) };
}

describe("what a crowd of publishers hears", () => {
  it("is on each wire what each of them is to hear, in order, and nothing else", () => {
    const seed = Math.floor(Math.random() * 1e9);
    console.log(JSON.stringify({ test: "echo", seed }));
    const random = seededRandom(seed);
    const pick = (below: number) => Math.floor(random() * below);
    for (let round = 0; round < 100; round++) {
      const wires: readonly Wire[] = ["json", "msgpack", "plain"];
      const connections = Array.from({ length: 6 }, (_, i) =>
        connection(`c${i}`, {
          userId: `u${i % 4}`,
          wire: wires[pick(3)] ?? "json",
          joinedAt: pick(3) === 0 ? pick(12) : 0,
        }),
      );
      const outgoing = Array.from({ length: pick(12) }, (_, place) => {
        const audiences: readonly Outgoing["audience"][] = [
          { to: "all" },
          { to: "all-but-connection", connectionId: `c${pick(7)}` },
          { to: "all-but-user", userId: `u${pick(5)}` },
          { to: "connection", connectionId: `c${pick(7)}` },
        ];
        return item(place, audiences[pick(4)] ?? { to: "all" }, pick(4) === 0);
      });
      const expected = connections.map(({ id, session, joinedAt }) => {
        const hears = ({ audience, place, owedToNewcomers }: Outgoing) =>
          (owedToNewcomers === true || place >= joinedAt) &&
          (audience.to === "all" ||
            (audience.to === "all-but-user" && audience.userId !== session.userId) ||
            (audience.to === "all-but-connection" && audience.connectionId !== id));
        const own = ({ audience }: Outgoing) =>
          audience.to === "connection" && audience.connectionId === id;
        return [...outgoing.filter(hears), ...outgoing.filter(own)].map(({ place }) => place);
      });
      expect([...told(connections, outgoing).values()]).toEqual(expected);
    }
  });

  it("is one and the same message to all who asked for their echo", () => {
    const crowd = Array.from({ length: 5 }, (_, i) => {
      const member = connection(`c${i}`);
      return { ...member, session: { ...member.session, echo: true as const } };
    });
    const outgoing = crowd.map(({ id }, i) =>
      item(i, { to: "all-but-connection", connectionId: id }, false),
    );
    const parcels = fanOut(crowd, outgoing, T0);
    const messages = new Set<WireMessage>();
    for (let next = parcels.next(T0); !next.done; next = parcels.next(T0)) {
      messages.add(next.value.message);
    }
    expect(messages.size).toBe(1);
    expect(framesIn([...messages][0] ?? "")).toHaveLength(5);
  });

  it("marks each event with its origin, which joined_room tells to whoever asked", () => {
    const scene = new RoomScene("general");
    scene.join("connection-of-ada", { userId: "ada", echo: true });
    scene.join("connection-of-ben", { userId: "ben" });
    scene.hear("connection-of-ada", { type: "publish", payload: { event: "e", data: 1 } });
    scene.hear("connection-of-ben", { type: "publish", payload: { event: "e", data: 2 } });
    scene.flush();
    const events = (id: string) =>
      scene.sockets.of(id).filter(({ type }) => type === "event") as readonly (Frame & {
        origin?: string;
      })[];
    const [greeting] = scene.sockets.payloads("connection-of-ada", "joined_room");
    expect(
      events("connection-of-ada").map(({ origin }) => origin === greeting?.["origin"]),
    ).toEqual([true, false]);
    expect(events("connection-of-ben").map(({ payload }) => payload)).toMatchObject([{ data: 1 }]);
    expect(scene.sockets.payloads("connection-of-ben", "joined_room")[0]).not.toHaveProperty(
      "origin",
    );
  });
});
