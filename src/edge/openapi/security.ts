import { assertNever } from "../../protocol/assert-never.ts";
import type { Access } from "./operation.ts";

/** How a caller says who it is (P2.8, P2.9). */
export const SECURITY_SCHEMES = {
  token: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "A user's token: `Authorization: Bearer <jwt>`.",
  },
  tokenInQuery: {
    type: "apiKey",
    in: "query",
    name: "token",
    description: "A user's token where no header can be set, as in an EventSource.",
  },
  apiKey: {
    type: "http",
    scheme: "bearer",
    description: "The backend's key, which may do everything: `Authorization: Bearer <API_KEY>`.",
  },
} as const;

/** Any one of these will do. */
export function securityOf(access: Access): readonly object[] {
  switch (access) {
    case "anyone":
      return [];
    case "user":
      return [{ token: [] }, { tokenInQuery: [] }, { apiKey: [] }];
    case "backend":
      return [{ apiKey: [] }];
    default:
      return assertNever(access);
  }
}
