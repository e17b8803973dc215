declare namespace Cloudflare {
  interface Env {
    readonly ROOM: DurableObjectNamespace<import("../../../src/objects/room-object.ts").RoomObject>;
    readonly AUTH_SECRET: string;
    readonly API_KEY: string;
  }
  interface GlobalProps {
    mainModule: typeof import("../../../src/index.ts");
  }
}
