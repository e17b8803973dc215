import { describe, expect, it } from "vitest";
import { destinationOf, originOf } from "../../../src/web/chat/notice.ts";
import { pathOfRoom, placeOf } from "../../../src/web/chat/room-path.ts";

const ORIGIN = "https://edge.test";
const at = (url: string) => destinationOf({ url }, ORIGIN);

describe("a notification leads", () => {
  it("to the message that it is about, or at least its room", () => {
    const about = (data: object) => destinationOf({ data: { ...data } }, ORIGIN);
    expect(about({ room: "team:x", seq: 7, userId: "ann" })).toEqual({
      kind: "room",
      room: "team:x",
      seq: 7,
    });
    expect(about({ room: "garden" })).toMatchObject({ kind: "room", seq: undefined });
  });

  it("where its sender says, in this page when that is one of its rooms", () => {
    expect(at("https://example.com/a")).toEqual({
      kind: "link",
      href: "https://example.com/a",
      isElsewhere: true,
    });
    expect(at("/dashboard?topic=x")).toMatchObject({ kind: "link", isElsewhere: false });
    expect(at("/rooms/garden#m12")).toEqual({ kind: "room", room: "garden", seq: 12 });
    expect(at(`${ORIGIN}/rooms/garden`)).toMatchObject({ kind: "room", room: "garden" });
  });

  it.each([
    { url: "javascript:alert(1)" },
    { url: "data:text/html,x" },
    { data: { room: "user:ann", seq: 1 } },
    { data: { room: "topic:metrics" } },
    { data: ["garden"] },
    { data: null },
    {},
  ])("nowhere for %o", (notification) => {
    expect(destinationOf(notification, ORIGIN)).toEqual({ kind: "nowhere" });
  });
});

it("reads the address of a message that it wrote, and no other hash", () => {
  const place = (path: string) => placeOf(new URL(path, ORIGIN));
  expect(place(pathOfRoom("team:x", 31))).toEqual({ room: "team:x", seq: 31 });
  for (const hash of ["#composer", "#m0", "#m-1", "#m1x", ""]) {
    expect(place(`/rooms/garden${hash}`)).toEqual({ room: "garden", seq: undefined });
  }
});

it("says who a mention or reply is from and where, of the server's own notices alone", () => {
  const data = { room: "garden", seq: 1, userId: "u1", userName: "Ann" };
  expect(originOf({ type: "mention", data })).toEqual({ who: "Ann", room: "garden" });
  // As an older release stored it.
  const { userName: _, ...older } = data;
  expect(originOf({ type: "reply", data: older })).toEqual({ who: "u1", room: "garden" });
  for (const notification of [
    { type: "order", data },
    { type: "mention", data: { room: 7 } },
  ]) {
    expect(originOf(notification)).toBeUndefined();
  }
});
