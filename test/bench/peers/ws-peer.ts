import { WebSocket, WebSocketServer } from "ws";

// The broadcast of the package's README, on its defaults.
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.env["PORT"]) });

server.on("connection", (socket) => {
  socket.on("error", () => socket.terminate());
  socket.on("message", (data, isBinary) => {
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(data, { binary: isBinary });
    }
  });
});
