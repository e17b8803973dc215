declare namespace Cloudflare {
  interface Env {
    readonly METRICS: DurableObjectNamespace<
      import("../../../src/objects/metrics-object.ts").MetricsObject
    >;
    readonly ROOM: DurableObjectNamespace<import("../../../src/objects/room-object.ts").RoomObject>;
    readonly DOCUMENT: DurableObjectNamespace<
      import("../../../src/objects/document-object.ts").DocumentObject
    >;
    readonly SOCKETIO: import("../../../src/edge/hub-api.ts").HubNamespace;
    readonly ECHO: DurableObjectNamespace<import("../host/echo.ts").EchoObject>;
    readonly AUTH_SECRET: string;
    readonly API_KEY: string;
  }
  interface GlobalProps {
    mainModule: typeof import("./worker.ts");
  }
}
