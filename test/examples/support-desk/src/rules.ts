import { refuse } from "hibiki";
import type { Options } from "hibiki/server";

/** How long an answer to "may they in?" is good for. */
const GOOD_FOR = "30s";
const BAD_WORDS = /\b(?:dolt|oaf|nincompoop)\b/i;

/** A word that is rude may come with an edit as well. */
const rudeness = (content = "") =>
  BAD_WORDS.test(content) ? refuse("bad_words", "Please say it kindly.") : undefined;

/** An outside service looks at it while its sender waits; nobody else does. */
async function moderate(text: string | undefined, { MODERATOR_URL }: Cloudflare.Env) {
  const answer = await fetch(MODERATOR_URL, { method: "POST", body: JSON.stringify({ text }) });
  const { verdict } = await answer.json<{ verdict: "fine" | "bad" }>();
  return verdict === "bad" ? refuse("moderated", "A moderator took it back.") : undefined;
}

/** Rooms are `support-<customer>`: the customer's own, and the desk's. */
export const rules: NonNullable<Options["chat"]> = {
  async authorize({ actor, room, env }) {
    if (await env.AGENTS.getByName("desk").has(actor.id)) {
      return { can: ["read", "write", "moderate"], for: GOOD_FOR };
    }
    if (room === `support-${actor.id}`) return { can: ["read", "write"], for: GOOD_FOR };
    return refuse("access_denied", "This is another customer's room.");
  },
  before: {
    send_message: ({ data }) => rudeness(data.content),
    edit_message: ({ data }) => rudeness(data.content),
  },
  review: {
    send_message: ({ data, env }) => moderate(data.content, env),
    edit_message: ({ data, env }) => moderate(data.content, env),
  },
};
