import { hibiki, hibikiDev, hibikiPlain } from "./hibiki.ts";
import { nchan } from "./nchan.ts";
import type { Server } from "./server.ts";
import { socketIo, socketIoRedis } from "./socket-io.ts";
import { bareObject, cloudflareChat, partyserver } from "./workers.ts";
import { ws } from "./ws.ts";

/** Every server that can be measured, Hibiki first. */
export const SERVERS: readonly Server[] = [
  hibiki,
  hibikiPlain,
  hibikiDev,
  socketIo,
  socketIoRedis,
  ws,
  nchan,
  partyserver,
  cloudflareChat,
  bareObject,
];
