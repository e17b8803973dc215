// Engine.IO's own server as its suite wants it (docs/engine.io-protocol, "Test suite").
import { createServer } from "node:http";
import { attach } from "engine.io";

const http = createServer();
const engine = attach(http, { pingInterval: 300, pingTimeout: 200, maxPayload: 1e6 });
engine.on("connection", (socket) => {
  socket.on("data", (...args) => socket.send(...args));
});
http.listen(Number(process.env.PORT), "127.0.0.1");
