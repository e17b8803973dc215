import { Buffer } from "node:buffer";
import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";
import * as z from "zod";
import { ROOM } from "./stored-session.ts";

/** A binary part stands as base64. */
const PART = z.union([z.string(), z.object({ base64: z.string() })]);
const LINE = z.tuple([
  z.number(),
  z.string(),
  z.array(ROOM),
  z.array(ROOM),
  z.array(PART).nullable(),
]);

/** A broadcast packet as the log has it. */
export interface PacketLine {
  /** Its place in the log. */
  readonly number: number;
  readonly nsp: string;
  /** Rooms whose sockets it was for; of none, all. */
  readonly rooms: readonly string[];
  /** Rooms whose sockets it was not for. */
  readonly except: readonly string[];
  /** The event, its arguments and its offset; `undefined` of one that was too long to be kept. */
  readonly data: readonly unknown[] | undefined;
}

const encoder = new Encoder();

/** One line of JSON. */
export function packetLine({ number, nsp, rooms, except, data }: PacketLine): string {
  const parts =
    data === undefined
      ? null
      : encoder
          .encode({ type: PacketType.EVENT, nsp, data: [...data] })
          .map((part: string | Uint8Array) =>
            typeof part === "string" ? part : { base64: Buffer.from(part).toString("base64") },
          );
  return JSON.stringify([number, nsp, rooms, except, parts]);
}

/** @throws for what {@link packetLine} did not write. */
export function packetIn(text: string): PacketLine {
  const [number, nsp, rooms, except, parts] = LINE.parse(JSON.parse(text));
  return { number, nsp, rooms, except, data: parts === null ? undefined : decoded(parts) };
}

/** Whether a session was to hear of a packet, by the rooms that it is in. */
export function isFor(nsp: string, rooms: readonly string[], packet: PacketLine): boolean {
  return (
    packet.nsp === nsp &&
    (packet.rooms.length === 0 || rooms.some((room) => packet.rooms.includes(room))) &&
    !rooms.some((room) => packet.except.includes(room))
  );
}

function decoded(parts: readonly z.infer<typeof PART>[]): readonly unknown[] {
  const decoder = new Decoder();
  let data: readonly unknown[] = [];
  decoder.on("decoded", (packet: Packet) => {
    data = packet.data;
  });
  for (const part of parts) {
    decoder.add(typeof part === "string" ? part : Buffer.from(part.base64, "base64"));
  }
  return data;
}
