import { beforeEach } from "vitest";
import { chatKind } from "../../../../src/kinds/chat/kind.ts";
import { KindTable } from "../../../../src/kinds/kind-table.ts";
import { within } from "../../../../src/objects/deadline.ts";
import { reviewerOf } from "../../../../src/objects/reviewer.ts";
import type { Outcome } from "../../../../src/room/flush/outcome.ts";
import { RoomScene, T0 } from "./scene.ts";

/** What a moderator is asked, in order, and answers when the test says so. */
class Moderator {
  readonly asked: string[] = [];
  readonly #answers = new Map<string, (verdict: unknown) => void>();

  readonly look = ({ data }: { readonly data: { readonly content: string } }) => {
    this.asked.push(data.content);
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#answers.set(data.content, resolve);
    return promise as Promise<undefined>;
  };

  answer(content: string, verdict?: unknown): void {
    this.#answers.get(content)?.(verdict);
  }
}

export let moderator: Moderator;
export let scene: RoomScene;
export let told: unknown[];

export function open(
  review: object,
  timeoutMs = 10_000,
  vars: Record<string, string> = {},
  more: object = {},
): void {
  scene = new RoomScene("general", vars, new KindTable([chatKind({ review, ...more })]));
  scene.reviewer = (kind, limits) => {
    const rules = kind.review(limits);
    if (rules === undefined) return undefined;
    const turns = {
      turn: <T>(work: (now: number) => T) => work(T0 + 5),
      background: (work: Promise<unknown>) => void work,
    };
    const failed = (error: unknown) => told.push(error);
    return reviewerOf(rules, { env: { KEY: "k" }, timeoutMs, within, turns, failed });
  };
  scene.restart();
  for (const user of ["ada", "ben"]) scene.join(user);
}

beforeEach(() => {
  told = [];
  moderator = new Moderator();
  open({ send_message: moderator.look });
});

export function say(
  user: string,
  content: string,
  messageId = content,
  type = "send_message",
): void {
  scene.hear(user, { type, messageId, payload: { content } });
}

export async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2));
  scene.flush(T0 + 5);
}

export async function answer(content: string, verdict?: unknown): Promise<void> {
  moderator.answer(content, verdict);
  await settled();
}

export function acks(user = "ada") {
  return scene.sockets.payloads(user, "ack");
}

export function stored(): unknown[] {
  return scene.sockets
    .payloads("ben", "new_message")
    .map((payload) => (payload as { content: string }).content);
}

/** A request over HTTP, which waits. */
export function request(content: string, userId = "ada", sentAt?: number): Outcome[] {
  const outcomes: Outcome[] = [];
  scene.room.submit({
    frame: { type: "send_message", messageId: content, payload: { content }, sentAt },
    actor: { userId, name: userId, permissions: ["write"] },
    at: T0,
    bytes: 1,
    answer: (outcome) => outcomes.push(outcome),
  });
  return outcomes;
}
