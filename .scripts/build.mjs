// Builds what the Worker serves and what npm publishes: the pages, then the client SDK.
await import("./dev-secrets.mjs");
await import("./build-web.mjs");
await import("./build-client.mjs");
