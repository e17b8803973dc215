// The server that y-websocket 2 ships, as its README starts it: on its defaults, and without a disk.
process.env["HOST"] = "127.0.0.1";
// Its package says no path to it.
await import(new URL("../node_modules/y-websocket-server/bin/server.cjs", import.meta.url).href);

export {};
