import { contract, server } from "hibiki";
import * as z from "zod";

const STATUSES = ["placed", "paid", "packed", "shipped", "delivered"] as const;

/** What both ends of an order know. Only the shop says anything: all of its events are `server()`. */
export const order = contract("order", {
  events: {
    placed: server(z.object({ buyer: z.string() })),
    status: server(z.object({ status: z.enum(STATUSES), note: z.string().optional() })),
  },
  state: z.object({
    buyer: z.string().nullable(),
    status: z.enum(STATUSES).nullable(),
    steps: z.array(z.object({ status: z.enum(STATUSES), at: z.string() })),
  }),
  initial: { buyer: null, status: null, steps: [] },
  apply: {
    placed: (state, { data, timestamp }) => ({
      buyer: data.buyer,
      status: "placed",
      steps: [...state.steps, { status: "placed", at: timestamp }],
    }),
    status: (state, { data, timestamp }) => ({
      ...state,
      status: data.status,
      steps: [...state.steps, { status: data.status, at: timestamp }],
    }),
  },
  errors: ["not_placed", "out_of_order"],
});

/** Whether an order may go from one status to another: onwards alone. */
export function goesOn(from: (typeof STATUSES)[number], to: (typeof STATUSES)[number]): boolean {
  return STATUSES.indexOf(to) > STATUSES.indexOf(from);
}
