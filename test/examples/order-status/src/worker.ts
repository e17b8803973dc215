import { hibiki } from "hibiki/server";
import { orders } from "./orders";

const realtime = hibiki({ kinds: [orders] });

export class RoomObject extends realtime.objects.RoomObject {}

export default realtime;
