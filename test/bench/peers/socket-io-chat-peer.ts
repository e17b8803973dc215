import { createServer } from "node:http";
import { Server, type Socket } from "socket.io";
import { PING_TIMEOUT_MS } from "./ping-timeout.ts";

/** What is said of a message. */
interface Sent {
  readonly room: string;
  readonly messageId: string;
  readonly message: string;
}

const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  serveClient: false,
  pingTimeout: PING_TIMEOUT_MS,
});

io.engine.on("connection", (rawSocket) => {
  rawSocket.request = null;
});

let seq = 0;

io.on("connection", (socket) => {
  socket.on("join_room", ({ room }: Pick<Sent, "room">) => {
    void socket.join(room);
    socket.emit("joined_room", { room });
  });
  socket.on("send_message", (sent: Sent) => {
    const { room, messageId } = sent;
    tell(socket, sent);
    socket.emit(`ack:${messageId}`, { success: true, savedId: `${room}-${seq}` });
  });
});

/** The same events, with the same fields, as the default app of Hibiki tells; nothing is stored. */
function tell(socket: Socket, { room, messageId, message }: Sent): void {
  seq += 1;
  const userId = socket.id;
  const userName = `User ${userId}`;
  const about = { room, userId, userName, messageId, seq, timestamp: new Date().toISOString() };
  socket.to(room).emit("receive_message", { ...about, message });
  io.to(room).emit("new_message", { ...about, content: message });
}

http.listen(Number(process.env["PORT"]), "127.0.0.1");
