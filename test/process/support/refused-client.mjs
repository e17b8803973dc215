// Run by an old Node that has no WebSocket, with that of the package `ws`: the built SDK at an address
// where nobody listens. Prints the room's statuses as JSON, when it has tried for the third time.
import WebSocket from "ws";

globalThis.WebSocket = WebSocket;
const { RealtimeClient } = await import("hibiki/client");
const part = (claims) => Buffer.from(JSON.stringify(claims)).toString("base64url");
const token = [part({ alg: "HS256" }), part({ sub: "ann", exp: 99_999_999_999 }), "x"].join(".");
const client = new RealtimeClient({ url: process.argv[2], token, transport: "websocket" });
const statuses = [];
client.room("away").on("status", ({ status, attempt }) => {
  statuses.push(status);
  if (attempt !== 3) return;
  console.log(JSON.stringify(statuses));
  process.exit(0);
});
