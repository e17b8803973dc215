import { hibiki } from "./server/index.ts";

/** The default deployment: the kinds of room that every one has, and the pages. */
const realtime = hibiki({ pages: "ASSETS" });

export const { RoomObject, MetricsObject, DocumentObject, SocketioObject } = realtime.objects;

export default realtime;
