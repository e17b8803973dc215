import { kind, refuse } from "hibiki";
import { board } from "../shared/board.ts";

/** The rules of whiteboards: whoever may write draws, and each erases what is their own. */
export const boards = kind(board, {
  before: {
    erased({ data, actor, state }) {
      const stroke = state.strokes.find(({ id }) => id === data.id);
      if (stroke !== undefined && stroke.by !== actor.id) {
        return refuse("not_yours", "Only who has drawn a stroke may erase it.");
      }
      return data;
    },
  },
});
