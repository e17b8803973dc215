import { Server } from "@hocuspocus/server";

// As its guide starts it, without an extension: nothing is stored.
await new Server({
  address: "127.0.0.1",
  port: Number(process.env["PORT"]),
  quiet: true,
}).listen();
