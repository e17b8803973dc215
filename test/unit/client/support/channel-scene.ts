import { Address } from "../../../../src/client/address.ts";
import type { IncomingFrame } from "../../../../src/client/frame-reader.ts";
import "../../../../src/client/http-transports.ts";
import type { TransportName, Visit } from "../../../../src/client/transport.ts";
import { transportOf } from "../../../../src/client/transport-option.ts";
import type { ClientFrame } from "../../../../src/protocol/client-frame.ts";
import { FakeHttp, FakeStream } from "./fake-http.ts";
import { FakeNetwork } from "./fake-network.ts";
import { ALONE, loaded } from "./loaded.ts";
import { ManualClock, settle } from "./manual-clock.ts";
import { joined, jwt } from "./scene.ts";

const TOKEN = jwt(Date.parse("2030-01-01T00:00:00Z"));

export async function opened(
  name: TransportName,
  visit: Partial<Visit> = {},
  prepare = (_: FakeHttp) => {},
) {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const http = new FakeHttp(network);
  const streams: FakeStream[] = [];
  http.on(/^GET .*\/events$/, ({ signal }) => {
    const stream = new FakeStream(signal);
    streams.push(stream);
    return stream.response;
  });
  prepare(http);
  const { environment } = network;
  const address = new Address("https://edge.example");
  const transport = await loaded(transportOf(name, { environment, address, ...ALONE }));
  const frames: IncomingFrame[] = [];
  const told: (string | number)[] = [];
  let signs = 0;
  const whole = { room: "general", token: TOKEN, cursor: undefined, wants: {}, ...visit };
  const channel = transport.open(whole, {
    received: (received) => {
      signs += 1;
      frames.push(...received);
      told.push(...received.map(({ type }) => type));
    },
    closed: (code) => told.push(code),
  });
  await settle();
  const send = async (sent: object) => {
    channel.send(sent as ClientFrame, 65_536);
    await settle();
  };
  return {
    clock,
    network,
    http,
    channel,
    frames,
    told,
    send,
    signs: () => signs,
    stream: () => streams.at(-1) as FakeStream,
  };
}

export async function greeted(prepare = (_: FakeHttp) => {}) {
  const scene = await opened("sse", {}, prepare);
  scene.stream().say(joined());
  await settle();
  return scene;
}

export function sendMessage(messageId: string) {
  return { type: "send_message", messageId, payload: { content: messageId } };
}
