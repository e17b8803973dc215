import * as z from "zod";

/**
 * The shape of what hibernating sockets keep of their connections, all of one sort. Its version is
 * raised whenever the schema changes, and {@link KeptFormat.reads} says which earlier ones it still
 * reads: a test pins both.
 */
export interface KeptFormat<Kept extends object> {
  readonly version: number;
  /** Versions that the schema reads; a socket that kept another reconnects. */
  readonly reads: readonly number[];
  readonly schema: z.ZodType<Kept>;
}

/** A connection as its hibernating socket keeps it. */
export interface KeptConnection<Kept> {
  readonly id: string;
  readonly kept: Kept;
}

const envelopeSchema = z.object({ version: z.int(), id: z.string() });

/** What a socket is to keep, as one value that can be cloned. */
export function packKept<Kept extends object>(
  { version }: KeptFormat<Kept>,
  { id, kept }: KeptConnection<Kept>,
): object {
  return { version, id, ...kept };
}

/** Reads what {@link packKept} made; `undefined` when it is gone or not to be read any more. */
export function unpackKept<Kept extends object>(
  { reads, schema }: KeptFormat<Kept>,
  value: unknown,
): KeptConnection<Kept> | undefined {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success || !reads.includes(envelope.data.version)) return undefined;
  const parsed = schema.safeParse(value);
  return parsed.success ? { id: envelope.data.id, kept: parsed.data } : undefined;
}
