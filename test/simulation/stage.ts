import type { TestRoom } from "../../src/testing/test-room.ts";
import type { TestServer } from "../../src/testing/test-server.ts";
import type { Books } from "./books.ts";
import type { Dice } from "./dice.ts";
import type { Ledger } from "./ledger.ts";
import type { Person } from "./person.ts";

/** What of a world those see who act on it, and those who judge it. */
export interface Stage {
  readonly server: TestServer;
  readonly rooms: readonly string[];
  readonly people: readonly Person[];
  readonly ledgers: ReadonlyMap<string, Ledger>;
  readonly books: Books;
  readonly dice: Dice;
  /** How long a write takes now. */
  diskMs: number;
  /** What was ever on disk of a room. */
  ledger(name: string): Ledger;
  /** Does something later, while the world lasts. */
  later(ms: number, run: () => void): void;
  /** Rooms that begin from now on flush no sooner than so many milliseconds after each other. */
  configure(flushGapMs: string): void;
  crash(room: TestRoom): void;
  /** Transactions of a room fail from now on, as on a full disk. */
  fillDisk(room: TestRoom): void;
  /** Somebody opens their application, or enters again where they were thrown out. */
  visit(person: Person): void;
  /** Whoever was thrown out enters again. */
  comeBack(): void;
}
