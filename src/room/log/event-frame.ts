import { iso } from "../../protocol/iso.ts";
import type { LogEvent } from "./log.ts";

/** The frame of a stored event as JSON text: an envelope around a payload that is text already. */
export function eventFrame({
  seq,
  type,
  at,
  payload,
}: Pick<LogEvent, "seq" | "type" | "at" | "payload">): string {
  return `{"type":${JSON.stringify(type)},"seq":${seq},"timestamp":"${iso(at)}","payload":${payload}}`;
}
