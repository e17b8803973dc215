import { reservedContract } from "../../contract/reserved-contract.ts";
import { server } from "../../contract/schema.ts";
import { documentClientSchemas } from "../../protocol/frames/document-schema.ts";
import { presenceClientSchemas } from "../../protocol/frames/presence-schema.ts";
import { SERVER_PAYLOADS } from "../../protocol/server-frame-schema.ts";

const { joined_document, remote_change, remote_cursor, user_updated } = SERVER_PAYLOADS;

/** What both ends of a document know: changes that follow each other, snapshots of them, and cursors. */
export const documentContract = reservedContract("document", {
  events: { remote_change: server(remote_change) },
  signals: {
    joined_document: server(joined_document),
    remote_cursor: server(remote_cursor),
    user_updated: server(user_updated),
  },
  commands: { ...documentClientSchemas, ...presenceClientSchemas },
});
