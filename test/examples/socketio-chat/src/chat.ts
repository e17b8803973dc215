// On Node this line says "socket.io". Nothing below knows the difference.
import type { Server } from "hibiki/socket.io";

interface Message {
  readonly room: string;
  readonly message: string;
}

/** A chat as one writes it for Node: who comes says who they are, enters rooms, and writes in them. */
export function chat(io: Server): void {
  io.use((socket, next) => {
    const { name } = socket.handshake.auth;
    if (typeof name !== "string" || name === "") {
      next(new Error("Say who you are: auth: { name }."));
      return;
    }
    socket.data.name = name;
    next();
  });

  io.on("connection", (socket) => {
    const { name } = socket.data;

    socket.on("join_room", async (room: string, done: (answer: object) => void) => {
      await socket.join(room);
      socket.to(room).emit("user_joined", { room, name });
      const there = await io.in(room).fetchSockets();
      done({ success: true, room, users: there.map(({ data }) => data.name) });
    });

    socket.on("leave_room", async (room: string, done: (answer: object) => void) => {
      await socket.leave(room);
      socket.to(room).emit("user_left", { room, name });
      done({ success: true, room });
    });

    socket.on("send_message", ({ room, message }: Message, done: (answer: object) => void) => {
      if (!socket.rooms.has(room)) {
        done({ success: false, error: "Join the room before you write in it." });
        return;
      }
      socket.data.written = (socket.data.written ?? 0) + 1;
      socket.to(room).emit("receive_message", { room, name, message });
      done({ success: true, written: socket.data.written });
    });

    socket.on("typing", (room: string) => {
      socket.to(room).volatile.emit("user_typing", { room, name });
    });

    socket.on("disconnecting", () => {
      for (const room of socket.rooms) socket.to(room).emit("user_left", { room, name });
    });
  });
}
