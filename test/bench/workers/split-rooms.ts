import { type Rooms, throughDoor } from "./room-door.ts";

export { MetricsObject, RoomObject } from "./index.js";

/** The shipped rooms, whose Worker is in another process. */
export default {
  fetch(request: Request, { ROOM }: { readonly ROOM: Rooms }): Response | Promise<Response> {
    return throughDoor(request, ROOM) ?? new Response("There is no room here.", { status: 404 });
  },
};
