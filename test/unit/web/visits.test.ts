import { expect, it } from "vitest";
import { Visits } from "../../../src/web/chat/visits.ts";
import { settle } from "../client/support/manual-clock.ts";
import { ack, openScene } from "../client/support/scene.ts";

it("leaves a room at once when nothing waits", async () => {
  const { client, room } = await openScene();
  const visits = new Visits(client);
  visits.leave(visits.enter("general"));
  expect(room.status).toBe("closed");
});

it("stays in a room that is left until what was written in it is stored", async () => {
  const { client, network, room } = await openScene();
  const visits = new Visits(client);
  const session = visits.enter("general");
  session.send("on my way out", {});
  const messageId = network.socket.of("send_message")[0]?.messageId;
  visits.leave(session);
  await settle();
  expect(room.status).toBe("open");
  network.socket.say(ack(messageId, 1));
  await settle();
  expect(room.status).toBe("closed");
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
