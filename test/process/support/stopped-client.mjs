// A stock client of Socket.IO in a process of its own, which a test stops and lets go on. Prints a line of
// JSON whenever it is in its room, and at each end of its connection.
import { io } from "socket.io-client";

const [url, token, room, way] = process.argv.slice(2);
const socket = io(url, { auth: { token }, transports: [way], reconnectionDelay: 50 });
const say = (what) => console.log(JSON.stringify(what));
socket.on("connect", () => {
  socket.emit("join_room", room, () => say({ in: socket.id, recovered: socket.recovered }));
});
socket.on("disconnect", (ended) => say({ ended }));
