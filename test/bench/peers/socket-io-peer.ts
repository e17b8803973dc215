import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";
import { PING_TIMEOUT_MS } from "./ping-timeout.ts";

const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  serveClient: false,
  pingTimeout: PING_TIMEOUT_MS,
  ...(process.env["RECOVERY"] === "on" ? { connectionStateRecovery: {} } : {}),
});

// As its page on memory usage has it: the first request of a session is not needed here.
io.engine.on("connection", (rawSocket) => {
  rawSocket.request = null;
});

const url = process.env["REDIS_URL"];
if (url !== undefined) {
  const publisher = createClient({ url });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  io.adapter(createAdapter(publisher, subscriber));
}

io.on("connection", (socket) => {
  socket.on("message", (content: string) => {
    io.emit("message", content);
  });
  socket.on("cursor", (position: string) => {
    socket.volatile.broadcast.emit("cursor", socket.id, position);
  });
});

http.listen(Number(process.env["PORT"]), "127.0.0.1");
