import type { EditorSockets } from "../document/connection.ts";
import type { Close } from "../protocol/close.ts";
import type { KeptEditor } from "../protocol/document-admission.ts";
import type { HostedSockets } from "./host/sockets.ts";

/**
 * The sockets of a host as a document sees them: each keeps its editor, and one of them the numbers of a
 * document that has no storage.
 */
export class HostedEditors implements EditorSockets {
  readonly #sockets: HostedSockets<KeptEditor>;
  readonly #kept = new Map<string, KeptEditor>();
  /** The connection that keeps such a document's numbers, and these. */
  #stats: { readonly id: string; readonly value: KeptEditor["stats"] } | undefined;

  constructor(sockets: HostedSockets<KeptEditor>) {
    this.#sockets = sockets;
  }

  /** What a document without storage left with its sockets when it fell asleep. */
  get keptStats(): KeptEditor["stats"] {
    return this.#sockets.kept().find(({ kept }) => kept.stats !== undefined)?.kept.stats;
  }

  /** Has a socket keep the numbers; without any they are forgotten. */
  keepStats(value: KeptEditor["stats"]): void {
    const id = this.#kept.has(this.#stats?.id ?? "") ? this.#stats?.id : this.#anyone;
    const kept = id === undefined ? undefined : this.#kept.get(id);
    if (id === undefined || kept === undefined) return;
    this.#stats = { id, value };
    this.keep(id, kept);
  }

  /** Takes back a connection that outlived a sleep. */
  restore(id: string, { stats, ...kept }: KeptEditor): void {
    if (stats !== undefined) this.#stats = { id, value: stats };
    this.#kept.set(id, kept);
  }

  send(id: string, frame: Uint8Array): void {
    // No other thread shares the memory of a frame.
    this.#sockets.send(id, frame as Uint8Array<ArrayBuffer>);
  }

  keep(id: string, kept: KeptEditor): void {
    this.#kept.set(id, kept);
    const stats = this.#stats?.id === id ? this.#stats.value : undefined;
    this.#sockets.keep(id, stats === undefined ? kept : { ...kept, stats });
  }

  close(id: string, close: Close): void {
    this.ended(id);
    this.#sockets.close(id, close);
  }

  /** A connection's socket has ended. */
  ended(id: string): void {
    this.#kept.delete(id);
  }

  get #anyone(): string | undefined {
    for (const id of this.#kept.keys()) return id;
    return undefined;
  }
}
