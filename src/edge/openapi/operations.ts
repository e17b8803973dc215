import type { Operation } from "./operation.ts";
import { changes } from "./operations/changes.ts";
import { deadLetters, documentDeadLetters } from "./operations/dead-letters.ts";
import { documentVersions } from "./operations/document-versions.ts";
import { documents } from "./operations/documents.ts";
import { listening } from "./operations/listening.ts";
import { manyRooms } from "./operations/many-rooms.ts";
import { messages } from "./operations/messages.ts";
import { notifications } from "./operations/notifications.ts";
import { roomLife } from "./operations/room-life.ts";
import { rooms } from "./operations/rooms.ts";
import { service } from "./operations/service.ts";
import { tokens } from "./operations/tokens.ts";

/** Every operation of the HTTP API, in the order in which it is told. */
export const OPERATIONS: readonly Operation[] = [
  ...tokens,
  ...messages,
  ...listening,
  ...manyRooms,
  ...documents,
  ...documentVersions,
  ...changes,
  ...rooms,
  ...roomLife,
  ...notifications,
  ...deadLetters,
  ...documentDeadLetters,
  ...service,
];
