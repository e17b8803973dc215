import { guestRequestSchema, tokenRequestSchema } from "../../../protocol/http.ts";
import { guestTokenSchema, mintedTokenSchema } from "../../../protocol/http-answer-schema.ts";
import type { Operation } from "../operation.ts";
import { ERRORS, json } from "../parts.ts";
import { SAMPLE } from "../sample.ts";

/** How to get in. */
export const tokens: readonly Operation[] = [
  {
    id: "createGuest",
    method: "post",
    path: "/v1/guests",
    tag: "Tokens",
    summary: "Come in as a guest",
    description:
      "A token for an hour that may read, write and publish in the rooms, documents and games that " +
      "the setting `GUEST_ROOMS` names, and read topics. With `renew`, an earlier guest token that " +
      "may have ended less than 30 days ago, one stays the same user. With `rooms` the token " +
      "grants less, such as to read one document. Only where the setting `GUESTS` is `on`.",
    access: "anyone",
    body: () => guestRequestSchema,
    answers: [json(201, "A new guest.", guestTokenSchema)],
    errors: [
      ...ERRORS.always,
      "unauthorized",
      "token_expired",
      "access_denied",
      "not_found",
      "too_large",
    ],
    examples: [
      {
        name: "guest",
        summary: "A guest called Ada",
        body: { name: "Ada" },
        status: 201,
        answer: {
          token: SAMPLE.token,
          expiresAt: SAMPLE.later,
          userId: "guest-4d6f4a0e-0d1c-4c7e-8f57-2f9a3c0b6f10",
          name: "Ada",
        },
      },
    ],
  },
  {
    id: "createToken",
    method: "post",
    path: "/v1/tokens",
    tag: "Tokens",
    summary: "Make a token for one of your users",
    description:
      "`rooms` maps a room's name, or a prefix and `*`, to what the user may do there; the most " +
      "specific entry counts. Only where the setting `AUTH_SECRET` is set.",
    access: "backend",
    body: () => tokenRequestSchema,
    answers: [json(201, "The token.", mintedTokenSchema)],
    errors: [...ERRORS.always, "unauthorized", "not_found", "too_large"],
    examples: [
      {
        name: "member",
        summary: "A member of a team, who watches prices",
        body: {
          sub: SAMPLE.userId,
          name: "Ada",
          rooms: { "team-*": ["read", "write"], "topic:prices": ["read"] },
          ttlSeconds: 3600,
        },
        status: 201,
        answer: { token: SAMPLE.token, expiresAt: SAMPLE.later },
      },
    ],
  },
];
