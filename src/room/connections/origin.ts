/**
 * What names a connection to the others: the end of its id, which is random, so that two meet once in
 * many millions of rooms. Clients that asked for their echo know by it what is their own.
 */
export function originOf(connectionId: string): string {
  return connectionId.slice(-12);
}
