import { expect, it } from "vitest";
import { ChatSession } from "../../../src/web/chat/session.ts";
import { answer } from "../client/support/fake-http.ts";
import type { FakeResponse } from "../client/support/fake-network.ts";
import { settle } from "../client/support/manual-clock.ts";
import { message, scene } from "../client/support/scene.ts";

it("finds a message further up also while another page of history is on its way", async () => {
  const { greet, network, room } = await scene();
  const session = new ChatSession(room);
  await greet({ seq: 90, history: [message(90)] });
  const answers: ((response: FakeResponse) => void)[] = [];
  network.respond = () => new Promise((resolve) => answers.push(resolve));
  const told = { isFound: false };
  void session.loadOlder();
  void session.loadUntil(10).then(() => {
    told.isFound = true;
  });
  await settle();
  expect(told).toEqual({ isFound: false });
  for (const seq of [40, 10]) {
    const page = { messages: [message(seq)], epoch: "e1", seq: 90, hasMore: true };
    answers.at(-1)?.(answer(200, page));
    await settle();
  }
  expect(told).toEqual({ isFound: true });
  expect(network.requests.map(({ url }) => url.searchParams.get("before"))).toEqual(["90", "40"]);
});
