import { hibiki } from "hibiki/server";
import { boards } from "./boards.ts";

const realtime = hibiki({ kinds: [boards] });

export class RoomObject extends realtime.objects.RoomObject {}

export default realtime;
