import { decode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { frame, joined, newMessage, openScene, scene } from "./support/scene.ts";

describe("a mark", () => {
  it("is answered at once, also from within a batch, and told to nobody (P3.11)", async () => {
    const { network, log } = await openScene();
    const told = log.length;
    network.socket.say(frame("mark", { id: "one" }));
    network.socket.say(newMessage(1), frame("mark", { id: "two" }));
    expect(network.socket.of("read_mark")).toEqual([
      { type: "read_mark", payload: { id: "one" } },
      { type: "read_mark", payload: { id: "two" } },
    ]);
    expect(log.slice(told).map(({ type }) => type)).toEqual(["new_message"]);
  });

  it("is answered in MessagePack where that is spoken", async () => {
    const { network } = await scene({ wire: "msgpack" });
    network.socket.sayBinary(joined());
    network.socket.sayBinary(frame("mark", { id: "one" }));
    expect(decode(network.socket.sent.at(-1) as Uint8Array)).toEqual({
      type: "read_mark",
      payload: { id: "one" },
    });
  });
});
