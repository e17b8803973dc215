import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Child } from "../../support/machine/child.ts";
import { temporaryFolder } from "../../support/machine/folder.ts";
import { freePort, untilListening } from "../../support/machine/port.ts";
import { requireDebian } from "../machine/debian.ts";
import { Running, type Server } from "./server.ts";
import { rawDialect } from "./ws.ts";

const NGINX = { path: "/usr/sbin/nginx", packageName: "nginx" };
const MODULE = {
  path: "/usr/lib/nginx/modules/ngx_nchan_module.so",
  packageName: "libnginx-mod-nchan",
};

/** nginx with nchan: subscribers and publishers over WebSocket, messages in memory for a minute. */
export const nchan: Server = {
  name: "nchan",
  marks: "history in memory, no acks, no durability",
  start: async () => {
    requireDebian([NGINX, MODULE]);
    const port = await freePort();
    const folder = temporaryFolder();
    const file = join(folder, "nginx.conf");
    writeFileSync(file, configOf(folder, port));
    const child = Child.start(NGINX.path, ["-p", folder, "-c", file, "-e", "stderr"]);
    await untilListening(port, child);
    return new Running(rawDialect(port, "/bench"), port, [child], folder);
  },
};

function configOf(folder: string, port: number): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join("\n  ");
  return `load_module ${MODULE.path};
daemon off;
${process.getuid?.() === 0 ? "user root;" : ""}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 16384; }
http {
  access_log off;
  nchan_shared_memory_size 512M;
  ${places}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /bench {
      nchan_pubsub websocket;
      nchan_channel_id bench;
      nchan_message_buffer_length 20000;
      nchan_message_timeout 1m;
      nchan_subscriber_first_message newest;
    }
  }
}
`;
}
