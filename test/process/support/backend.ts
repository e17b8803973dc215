import { SECRETS } from "../../support/server.ts";
import { type Shown, shown } from "./fold.ts";

/** What a send over HTTP was answered with (P7.2). */
export interface SendAnswer {
  readonly status: number;
  readonly savedId?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly code: string; readonly retryable: boolean };
}

/** The team's backend at one room: speaks HTTP with the API key. */
export class Backend {
  readonly #url: string;

  /** @param server where it answers, without a slash at the end. */
  constructor(server: string, room: string) {
    this.#url = `${server}/v1/rooms/${room}`;
  }

  /** User ids of those who are here. */
  async users(): Promise<readonly string[]> {
    const { users } = await this.#get<{ users: readonly { userId: string }[] }>("/users");
    return users.map(({ userId }) => userId);
  }

  /** `seq` of the last event. */
  async head(): Promise<number> {
    return (await this.#get<{ seq: number }>("/messages?limit=1")).seq;
  }

  /** The whole history as it is now, oldest first, page by page. */
  async history(): Promise<readonly Shown[]> {
    const messages: Shown[] = [];
    for (;;) {
      const after = messages.at(-1)?.seq ?? 0;
      const page = await this.#get<{ messages: readonly Shown[]; hasMore: boolean }>(
        `/messages?limit=200&after=${after}`,
      );
      messages.push(...page.messages.map(shown));
      if (!page.hasMore) return messages;
    }
  }

  /** Sends a message in somebody's name. */
  async send(userId: string, key: string, content: string): Promise<SendAnswer> {
    const response = await fetch(`${this.#url}/messages?as=${userId}`, {
      method: "POST",
      headers: { ...HEADERS, "Idempotency-Key": key },
      body: JSON.stringify({ content }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, { headers: HEADERS });
    return (await response.json()) as T;
  }
}

const HEADERS = { Authorization: `Bearer ${SECRETS.API_KEY}` };
