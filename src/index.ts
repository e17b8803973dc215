import { app } from "./edge/app.ts";

export { MetricsObject } from "./objects/metrics-object.ts";
export { RoomObject } from "./objects/room-object.ts";

export default app;
