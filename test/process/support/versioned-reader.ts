import WebSocket from "ws";
import type { AnyContract } from "../../../src/contract/contract.ts";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import { framesIn } from "./frame.ts";
import { until } from "./until.ts";

interface Heard {
  readonly type: string;
  readonly seq?: number;
  readonly payload: unknown;
}

/** One connection that names its contract and folds nothing: what it is told, as it came. */
export class VersionedReader {
  readonly frames: Heard[] = [];
  code: number | undefined;
  readonly #socket: WebSocket;

  private constructor(url: string) {
    const token = tokenFor("reader", SECRETS.AUTH_SECRET);
    this.#socket = new WebSocket(url, ["hibiki.v1.json", `bearer.${token}`]);
    this.#socket.on("message", (data) => this.frames.push(...framesIn(data)));
    this.#socket.on("error", () => {});
    this.#socket.on("close", (code) => {
      this.code = code;
    });
  }

  /**
   * Opens one; resolves once it is greeted, or closed.
   *
   * @param cursor where it stood, if it has been there before.
   */
  static async open(
    port: number,
    room: string,
    { version, hash }: AnyContract,
    cursor?: { readonly epoch: string; readonly seq: number },
  ): Promise<VersionedReader> {
    const query = new URLSearchParams({ contract: `${version}.${hash}` });
    if (cursor !== undefined) {
      query.set("epoch", cursor.epoch);
      query.set("since", String(cursor.seq));
    }
    const reader = new VersionedReader(`ws://127.0.0.1:${port}/v1/rooms/${room}/ws?${query}`);
    await until(() => reader.of("joined_room").length > 0 || reader.code !== undefined);
    return reader;
  }

  /** Payloads of the frames of one type. */
  of(type: string): readonly unknown[] {
    return this.frames.filter((frame) => frame.type === type).map(({ payload }) => payload);
  }

  leave(): void {
    this.#socket.terminate();
  }
}
