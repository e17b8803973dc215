import { describe, expect, it } from "vitest";
import { ownApp } from "../../../src/hub/own-app.ts";
import { HubScene } from "./support/hub-scene.ts";

const NOTHING = () => {};

describe("ownApp()", () => {
  it.each([
    ["a function", undefined, {}, "it takes a function"],
    ["options that it knows", NOTHING, { serveClient: true }, "serveClient"],
    ["none that are a deployment's", NOTHING, { pingInterval: 1 }, "SOCKETIO_PING_INTERVAL_MS"],
    ["times that a timer takes", NOTHING, { connectTimeout: 1e12 }, "connectTimeout"],
  ])("takes %s", (_what, setup, options, problem) => {
    // As who writes JavaScript calls it.
    expect(() => Reflect.apply(ownApp, undefined, [setup, options])).toThrow(problem);
  });

  it("says what its server's code throws, when it is opened", () => {
    const fail = () => {
      throw new Error("no such module");
    };
    expect(() => new HubScene(fail)).toThrow("no such module");
  });

  it("sends a client away that is in no namespace", async () => {
    const scene = new HubScene(NOTHING, { connectTimeout: 20 });
    const [idle, there] = [scene.peer("a"), scene.peer("b")];
    await there.connect();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect([idle.isClosed, there.isClosed]).toEqual([true, false]);
    expect(scene.io.engine.clientsCount).toBe(1);
  });

  it("takes what is no packet for the end of that connection alone", async () => {
    const scene = new HubScene((io) => {
      io.on("connection", (socket) => socket.on("what", (done) => done("well")));
    });
    const good = scene.peer("good");
    await good.connect();
    for (const junk of [
      "",
      "9",
      "2[",
      '2{"a":1}',
      "0/x,nonsense",
      '51-["a",{"_placeholder":true,"num":7}]',
      new Uint8Array(9),
    ]) {
      const bad = scene.peer(`bad ${junk}`);
      await bad.connect();
      bad.listener?.message(junk);
      bad.listener?.message(new Uint8Array(1));
      await good.ask("what");
      expect(bad.isClosed).toBe(true);
    }
    expect(await good.ask("what")).toEqual(["well"]);
    expect(scene.io.engine.clientsCount).toBe(1);
  });

  it("logs what the handler of an end throws, and goes on", async () => {
    const scene = new HubScene((io) => {
      io.on("connection", (socket) => {
        socket.on("disconnect", () => {
          throw new Error("in a disconnect handler");
        });
        socket.on("what", (done) => done("well"));
      });
    });
    const good = scene.peer("good");
    await good.connect();
    const leaving = scene.peer("leaving");
    await leaving.connect();
    await leaving.leave();
    expect(scene.logged.join()).toContain("in a disconnect handler");
    expect(await good.ask("what")).toEqual(["well"]);
    expect(scene.io.engine.clientsCount).toBe(1);
  });
});
