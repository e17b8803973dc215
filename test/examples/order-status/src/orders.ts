import { kind, refuse } from "hibiki";
import { goesOn, order } from "./order";

/** The rules of orders: they are placed once, go onwards alone, and their buyers hear of it. */
export const orders = kind(order, {
  before: {
    placed({ state }) {
      return state.status === null ? undefined : refuse("out_of_order", "It was placed before.");
    },
    status({ data, state, tx }) {
      if (state.buyer === null || state.status === null) {
        return refuse("not_placed", "Nobody placed this order.");
      }
      if (!goesOn(state.status, data.status)) {
        return refuse("out_of_order", `It is ${state.status} already.`);
      }
      tx.notify(state.buyer, { type: "order", title: `Your order is ${data.status}` });
      return undefined;
    },
  },
});
