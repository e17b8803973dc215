import { isRecord } from "../../identity/identity.ts";

/** A dead letter as the page shows it. */
export interface DeadLetter {
  readonly id: number;
  readonly carrier: string;
  readonly recipient: string;
  readonly name: string;
  readonly reason: string;
  /** ISO 8601; empty of what an earlier release gave up. */
  readonly givenUpAt: string;
}

/** What a room has given up: as many as one page has, and how many there are. */
export interface Letters {
  readonly letters: readonly DeadLetter[];
  readonly count: number;
}

/** Reads the server's page; what is not as it should be is left out. */
export function pageOf(body: unknown): Letters {
  const page = isRecord(body) ? body : {};
  const listed = Array.isArray(page["deadLetters"]) ? page["deadLetters"] : [];
  return { letters: listed.filter(isRecord).map(letterOf), count: Number(page["count"] ?? 0) };
}

function letterOf(letter: Readonly<Record<string, unknown>>): DeadLetter {
  const text = (field: string) => String(letter[field] ?? "");
  return {
    id: Number(letter["id"]),
    carrier: text("carrier"),
    recipient: text("recipient"),
    name: text("name"),
    reason: text("reason"),
    givenUpAt: text("givenUpAt"),
  };
}

/** What a letter was to tell whom. */
export function letterWords({ carrier, recipient, name }: DeadLetter): string {
  switch (carrier) {
    case "webhook":
      return `${name}, for the webhook ${recipient}`;
    case "after":
      return `${name}, for the rule that runs afterwards`;
    case "timer":
      return `the timer ${name}`;
    default:
      return `${name}, for the inbox of ${recipient}`;
  }
}

/** Why it was given up, as whoever runs the server would say it. */
export function reasonWords(reason: string): string {
  if (reason === "") return "unknown";
  return /^[a-z_]+$/.test(reason) ? `refused for good: ${reason}` : reason;
}
