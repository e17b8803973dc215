import { app } from "./edge/app.ts";

export { RoomObject } from "./objects/room-object.ts";

export default app;
