import { type ClientOptions, RealtimeClient } from "../../../../src/client/client.ts";
import "../../../../src/client/http-transports.ts";
import type { StatusChange } from "../../../../src/client/room-event.ts";
import { answer, FakeHttp, FakeStream, never } from "./fake-http.ts";
import { FakeNetwork } from "./fake-network.ts";
import { ManualClock, settle } from "./manual-clock.ts";
import { joined, jwt } from "./scene.ts";

const TOKEN = jwt(Date.parse("2030-01-01T00:00:00Z"));

/** What works on the way to the server; the rest breaks at once, or stays silent. */
type Way = "works" | "breaks" | "hangs";

export async function world(
  ways: { socket: Way; sse: Way; poll: Way },
  options: Partial<ClientOptions> = {},
) {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const http = new FakeHttp(network);
  const streams: FakeStream[] = [];
  network.onOpen = (socket) => {
    socket.onClosed = () => queueMicrotask(() => socket.close(1000));
    queueMicrotask(() => {
      if (ways.socket === "works")
        socket.say(joined({ recovered: socket.url.searchParams.has("since") }));
      if (ways.socket === "breaks") socket.close(1006);
    });
  };
  const through = (way: Way) => {
    if (way === "breaks") throw new Error("broken");
  };
  http.on(/events$/, (request) => {
    through(ways.sse);
    const stream = new FakeStream(request.signal);
    streams.push(stream);
    if (ways.sse === "works")
      stream.say(joined({ recovered: request.url.searchParams.has("since") }));
    // A proxy that holds a stream back says nothing, its headers neither.
    return ways.sse === "works" ? stream.response : never(request);
  });
  http.on(/(messages|users|poll)$/, (request) => {
    through(ways.poll);
    if (ways.poll === "hangs" || request.url.searchParams.get("wait") === "20") {
      return never(request);
    }
    return answer(200, {
      ...{ messages: [], users: [], events: [] },
      ...{ epoch: "e1", seq: 0, hasMore: false, recovered: true },
    });
  });
  const { environment } = network;
  const client = new RealtimeClient({
    url: "https://edge.example",
    token: TOKEN,
    // Its server greets each room on a connection of its own.
    multiplex: "never",
    ...options,
    environment: { ...environment, ...options.environment },
  });
  const statuses: StatusChange[] = [];
  const enter = async (id: string) => {
    const room = client.room(id);
    room.on("status", (change) => statuses.push(change));
    await settle();
    await settle();
    return room;
  };
  const room = await enter("general");
  const asked = (path: RegExp) =>
    network.requests.filter(({ url, method }) => method === "GET" && path.test(url.pathname))
      .length;
  return { clock, network, http, streams, client, room, statuses, enter, asked, ways };
}
