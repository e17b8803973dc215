import { assertNever } from "../../protocol/assert-never.ts";
import type { Refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { refuseFrame } from "../../protocol/permission.ts";
import type { Actor } from "../../room/actor.ts";
import { accepted, type Decision, refused } from "../../room/hooks/decision.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type { KindPorts, KindTurn } from "../../room/hooks/kind.ts";
import type { LogEntry, LogEvent } from "../../room/log/log.ts";
import { INBOX_CARRIER } from "../../room/store/notice.ts";
import { refuseCrowded } from "../../room/store/outbox.ts";
import { publish } from "../publish.ts";
import type { ChatFrame } from "./chat-frame.ts";
import type { ChatState } from "./chat-state.ts";
import type { ChatChange, ChatView } from "./chat-view.ts";
import {
  deleteMessage,
  editMessage,
  react,
  readMessages,
  sendMessage,
  setTyping,
} from "./decisions.ts";

const NOTHING: readonly Telling[] = [];

/** A chat's part of one flush. */
export class ChatTurn implements KindTurn<ChatFrame, ChatChange>, ChatView {
  readonly #ports: KindPorts;
  readonly #state: ChatState;
  /** Who began or ended typing in this flush, by connection. */
  readonly #typing = new Map<string, boolean>();

  constructor(ports: KindPorts, state: ChatState) {
    this.#ports = ports;
    this.#state = state;
  }

  get name(): string {
    return this.#ports.name;
  }

  get epoch(): string {
    return this.#ports.store.log.epoch;
  }

  get head(): number {
    return this.#ports.store.log.head;
  }

  entry(seq: number): LogEntry | undefined {
    return this.#ports.store.log.entry(seq);
  }

  reactionEvent(target: number, payload: string): number | undefined {
    const { log } = this.#ports.store;
    const after = Math.max(target, log.head - BOUNDS.reactionsSearched);
    return log.reactionEvent(payload, { after, upTo: log.head });
  }

  isTyping(connectionId: string | undefined): boolean {
    return (
      connectionId !== undefined &&
      (this.#typing.get(connectionId) ?? this.#state.typing.has(connectionId))
    );
  }

  knows(userId: string): boolean {
    return this.#state.people.knows(userId);
  }

  refusesMentions(actor: Actor, people: number, now: number): Refusal | undefined {
    return (
      this.#state.mentions.refuses(actor, people, now) ??
      refuseCrowded(this.#ports.store.outbox.of(INBOX_CARRIER), people)
    );
  }

  decide(frame: ChatFrame, actor: Actor, now: number): Decision<ChatChange> {
    const denied = refuseFrame(frame.type, actor);
    if (denied !== undefined) return refused(denied);
    switch (frame.type) {
      case "send_message":
        return sendMessage(frame, actor, this, now);
      case "edit_message":
        return editMessage(frame, actor, this, now);
      case "delete_message":
        return deleteMessage(frame, actor, this, now);
      case "react":
        return react(frame, actor, this, now);
      case "typing_start":
        return setTyping(actor, true, now);
      case "typing_end":
        return this.isTyping(actor.connectionId) ? setTyping(actor, false, now) : accepted([]);
      case "read_messages":
        return readMessages(frame.payload.upTo, actor, this);
      case "publish":
        return publish(frame.payload, actor, now);
      default:
        return assertNever(frame);
    }
  }

  apply(change: ChatChange, now: number): readonly Telling[] {
    switch (change.do) {
      case "typing":
        if (change.connectionId !== undefined) this.#typing.set(change.connectionId, change.typing);
        return NOTHING;
      case "spend":
        this.#state.mentions.spend(change.actor, change.people, now);
        return NOTHING;
      default:
        return assertNever(change);
    }
  }

  appended({ userId }: LogEvent): void {
    this.#state.people.wrote(userId);
  }

  save(): void {}

  settled(): void {
    for (const [id, isTyping] of this.#typing) {
      // It may have left before its frame was decided.
      if (isTyping && this.#ports.connections.has(id)) this.#state.typing.add(id);
      else this.#state.typing.delete(id);
    }
  }
}
