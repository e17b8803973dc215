import { hibiki } from "hibiki/server";
import { socketio } from "hibiki/socket.io";
import { chat } from "./chat";

const realtime = hibiki({ socketio: socketio(chat, { connectionStateRecovery: {} }) });

export const { RoomObject, SocketioObject } = realtime.objects;
export default realtime;
