import { app } from "./edge/app.ts";
import { BUILT_IN } from "./kinds/built-in.ts";
import { roomClass } from "./objects/room-class.ts";

export { MetricsObject } from "./objects/metrics-object.ts";

/** Rooms of the default deployment. */
export class RoomObject extends roomClass(BUILT_IN) {}

export default app;
