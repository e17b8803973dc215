import { builtAsyncApi } from "./edge/asyncapi/built.ts";
import { assembled } from "./server/assembled.ts";

/** The default deployment: the kinds of room that every one has, and the pages. */
const realtime = assembled({ pages: "ASSETS" }, builtAsyncApi("ASSETS"));

export const { RoomObject, MetricsObject, DocumentObject, SocketioObject } = realtime.objects;

export default realtime;
