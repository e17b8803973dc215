import { afterAll, beforeAll, expect, it } from "vitest";
import { pause } from "../support/pause.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { DeafSocket } from "./support/deaf-socket.ts";
import { Member } from "./support/member.ts";
import { until } from "./support/until.ts";

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({}, { limits: "default" });
});
afterAll(() => server.stop());

it("never locks out who comes back from a network that flaps, with every old socket half open", async () => {
  const stale: DeafSocket[] = [];
  for (let flap = 0; flap < 15; flap++) {
    stale.push(DeafSocket.webSocket(server.port, "/v1/rooms/flaps/ws", "ada"));
    await pause(20);
  }
  const ada = new Member(server.port, "flaps", "ada");
  await ada.join();
  const payload = { content: "I am back" };
  ada.send({ type: "send_message", messageId: crypto.randomUUID(), payload });
  await until(() => ada.count("ack") === 1);
  expect(ada.code).toBeUndefined();
  ada.leave();
  for (const socket of stale) socket.close();
});

it("lets 150 colleagues behind one address in", async () => {
  const colleagues = Array.from(
    { length: 150 },
    (_, i) => new Member(server.port, "office", `colleague-${i}`),
  );
  for (let i = 0; i < colleagues.length; i += 10) {
    await Promise.all(colleagues.slice(i, i + 10).map((member) => member.join()));
  }
  expect(await new Backend(server.url, "office").users()).toHaveLength(150);
  for (const member of colleagues) member.leave();
});
