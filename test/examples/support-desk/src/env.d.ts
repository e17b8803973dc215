declare namespace Cloudflare {
  interface Env {
    ROOM: DurableObjectNamespace;
    AGENTS: DurableObjectNamespace<import("./agents").AgentsObject>;
    API_KEY: string;
    MODERATOR_URL: string;
    TICKETS_URL: string;
    TICKETS_SECRET: string;
  }
}
