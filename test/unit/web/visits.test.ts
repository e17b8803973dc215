import { expect, it } from "vitest";
import { Visits } from "../../../src/web/chat/visits.ts";
import { settle } from "../client/support/manual-clock.ts";
import { ack, newMessage, openScene } from "../client/support/scene.ts";

it("leaves a room at once when nothing waits", async () => {
  const { client, network, room } = await openScene();
  const visits = new Visits(client);
  const session = visits.enter("general");
  void room.leave();
  visits.leave(session);
  await settle();
  expect(network.socket.closedWith).toBe(1000);
});

it("stays in a room that is left until what was written in it is stored", async () => {
  const { client, network, room } = await openScene();
  const visits = new Visits(client);
  const session = visits.enter("general");
  session.send("on my way out", {});
  const messageId = network.socket.of("send_message")[0]?.messageId;
  void room.leave();
  visits.leave(session);
  await settle();
  expect(network.socket.closedWith).toBeUndefined();
  network.socket.say(ack(messageId, 1));
  await settle();
  expect(network.socket.closedWith).toBe(1000);
  expect(visits.enter("general")).not.toBe(session);
});

it("goes back to a room that is still being left, with what waits in it", async () => {
  const { client, network, room } = await openScene();
  const visits = new Visits(client);
  const session = visits.enter("general");
  session.send("wait for me", {});
  visits.leave(session);
  expect(visits.enter("general")).toBe(session);
  expect(session.state.outgoing).toMatchObject([{ content: "wait for me" }]);
  network.socket.say(ack(network.socket.of("send_message")[0]?.messageId, 1));
  await settle();
  expect(room.status).toBe("open");
});

it("waits no longer for a room that is closed to one", async () => {
  const { client, network, room } = await openScene();
  const visits = new Visits(client);
  const session = visits.enter("general");
  session.send("never", {});
  visits.leave(session);
  network.socket.close(4403);
  await settle();
  expect(room.status).toBe("closed");
  expect(visits.enter("general")).not.toBe(session);
});

it("shows a room that is open already, as when it is left and entered in one go", async () => {
  const { client, network, room } = await openScene();
  network.socket.say(newMessage(1));
  const visits = new Visits(client);
  const left = visits.enter("general");
  void room.leave();
  visits.leave(left);
  const session = visits.enter("general");
  await settle();
  expect(network.sockets).toHaveLength(1);
  expect(session.state.connection).toEqual({ state: "open" });
  expect(session.state.entries).toMatchObject([{ seq: 1, content: "text 1" }]);
});
