import type { Kind } from "../contract/kind.ts";
import { isReserved } from "../contract/reserved-contract.ts";
import { isServerOnly, type Schemas } from "../contract/schema.ts";
import { isOfConnections } from "../protocol/frames.ts";
import { extensionOf } from "./extension.ts";

/** Whether rooms of a kind take frames of a type from their clients, what is about connections included. */
export function hears({ contract }: Kind, type: string): boolean {
  const { events, signals } = contract;
  const said: Schemas = isReserved(contract) ? contract.commands : { ...events, ...signals };
  const schema = Object.hasOwn(said, type) ? said[type] : undefined;
  return schema === undefined ? isOfConnections(type) : !isServerOnly(schema);
}

/** Whether rooms of a kind send frames of a type, what is about connections included. */
export function tells(kind: Kind, type: string): boolean {
  const { events, signals } = kind.contract;
  if (type === "joined_room" && extensionOf(kind)?.greets !== undefined) return false;
  return Object.hasOwn(events, type) || Object.hasOwn(signals, type) || isOfConnections(type);
}
