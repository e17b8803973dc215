import { MessageSocket } from "../message-socket.ts";
import type { GameDialect, Heading } from "./game-dialect.ts";

/** Somebody in a game who decodes nothing: it counts what it is told, and writes down when. */
export class RawPlayer {
  readonly #dialect: GameDialect;
  #socket: MessageSocket | undefined;
  /** When each tick came, by `performance.now()`. */
  arrivals: number[] = [];

  constructor(dialect: GameDialect) {
    this.#dialect = dialect;
  }

  get #connected(): MessageSocket {
    if (this.#socket === undefined) throw new Error("The player is not connected.");
    return this.#socket;
  }

  /** Bytes of all messages so far. */
  get bytes(): number {
    return this.#connected.bytes;
  }

  /** Whether it was cut off. */
  get isLost(): boolean {
    return this.#connected.lost;
  }

  async join(index: number): Promise<void> {
    const { form } = this.#dialect;
    const entrance = await this.#dialect.entrance(index);
    this.#socket = await MessageSocket.open(
      entrance,
      (message, answer) => this.#heard(message, answer),
      form,
    );
  }

  go(heading: Heading): void {
    this.#connected.send(this.#dialect.input(heading));
  }

  leave(): void {
    this.#socket?.close();
  }

  #heard(message: Buffer, answer: (message: Uint8Array) => void): void {
    if (this.#dialect.isTick(message)) {
      this.arrivals.push(performance.now());
      return;
    }
    const wanted = this.#dialect.answerTo(message);
    if (wanted !== undefined) answer(wanted);
  }
}
