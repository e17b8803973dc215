import { builtAsyncApi } from "./edge/asyncapi/built.ts";
import { assembled } from "./server/assembled.ts";

const PAGES = "ASSETS";

/** The default deployment: the kinds of room that every one has, and the pages. */
const realtime = assembled({ pages: PAGES }, builtAsyncApi(PAGES));

export const { RoomObject, MetricsObject, DocumentObject, SocketioObject } = realtime.objects;

export default realtime;
