/**
 * The database failed. It may have undone the whole transaction with it, so it is nobody's fault in
 * particular: everything that was to be stored together is refused.
 */
export class StorageError extends Error {
  override readonly name = "StorageError";

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
