import { reservedContract } from "../../contract/reserved-contract.ts";
import { server } from "../../contract/schema.ts";
import {
  publishClientSchemas,
  publishServerSchemas,
} from "../../protocol/frames/publish-schema.ts";

/** What both ends of a topic know: values that are published. */
export const topic = reservedContract("topic", {
  events: {},
  signals: { event: server(publishServerSchemas.event) },
  commands: publishClientSchemas,
});
