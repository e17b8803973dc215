import { RealtimeClient, refusal } from "hibiki/client";
import { OPTIONS, poll, tally } from "../shared/poll.ts";
import { guestToken } from "./guest.ts";

const client = new RealtimeClient({ url: location.origin, token: guestToken });
const room = client.room(poll, "poll:lunch");

const status = find("status");
const buttons = new Map(OPTIONS.map((option) => [option, addButton(option)] as const));

room.subscribe(show);
room.on("hover", ({ data }) => {
  const button = buttons.get(data.option);
  button?.toggleAttribute("data-hovered", true);
  setTimeout(() => button?.toggleAttribute("data-hovered", false), 500);
});
show();

function addButton(option: (typeof OPTIONS)[number]): HTMLButtonElement {
  const button = document.createElement("button");
  button.addEventListener("pointerenter", () => room.signal("hover", { option }));
  button.addEventListener("click", async () => {
    try {
      await room.send("vote", { option });
    } catch (error) {
      status.textContent = refusal(poll, error)?.message ?? "The vote was not taken.";
    }
  });
  find("options").append(button);
  return button;
}

/** Shows the room as it is now. */
function show(): void {
  const { state, users, userId } = room;
  if (state === undefined) return;
  const counts = tally(state.votes);
  for (const [option, button] of buttons) {
    button.replaceChildren(option, ` ${counts[option]}`);
    button.ariaPressed = String(userId !== undefined && state.votes[userId] === option);
    button.disabled = state.winner !== undefined;
  }
  status.textContent =
    state.winner === undefined ? `${room.status}: ${users.length} here` : `It is ${state.winner}.`;
}

function find(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no #${id}.`);
  return element;
}
