import type { Game } from "../contract/game.ts";
import { type Parsed, parse } from "../contract/parse.ts";
import type { Json } from "../protocol/json.ts";
import { RealtimeError } from "./error.ts";

/** Makes of what a player is to want what the game's `steer` takes, as the server does. */
export class InputReader {
  readonly #game: Game | undefined;
  readonly #report: (error: unknown) => void;
  #hasFailed = false;

  /** @param report where it is heard of a schema that does not run here. */
  constructor(game: Game | undefined, report: (error: unknown) => void) {
    this.#game = game;
    this.#report = report;
  }

  /**
   * What `steer` takes; `undefined` where that cannot be said here.
   *
   * @throws {RealtimeError} `invalid_frame` for an input that the game does not take.
   */
  read(json: Json): { readonly value: unknown } | undefined {
    const read = this.#parse(json);
    if (read?.ok === false) throw RealtimeError.invalid("invalid_frame", read.problem);
    return read;
  }

  #parse(json: Json): Parsed<unknown> | undefined {
    if (this.#game === undefined || this.#hasFailed) return undefined;
    try {
      return parse(this.#game.input, json, "payload");
    } catch (error) {
      this.#hasFailed = true;
      this.#report(error);
      return undefined;
    }
  }
}
