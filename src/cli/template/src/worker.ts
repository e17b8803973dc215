import { hibiki } from "hibiki/server";
import { polls } from "./polls.ts";

const realtime = hibiki({ kinds: [polls] });

// The classes that wrangler.toml binds.
export class RoomObject extends realtime.objects.RoomObject {}
export class MetricsObject extends realtime.objects.MetricsObject {}
export class DocumentObject extends realtime.objects.DocumentObject {}
export class SocketioObject extends realtime.objects.SocketioObject {}

export default realtime;
