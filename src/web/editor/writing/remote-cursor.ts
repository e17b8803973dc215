import { WidgetType } from "@codemirror/view";
import { hueClass } from "../../people/hue.ts";
import { shownName } from "../../people/shown-name.ts";
import type { Person } from "../state/person.ts";

/** Where somebody else is in the text, with their name on it for a while after they moved. */
export class RemoteCursor extends WidgetType {
  readonly #person: Person;
  /** Their place as they told it: another one is another cursor, whose name shows anew. */
  readonly #place: string;

  constructor(person: Person, place: string) {
    super();
    this.#person = person;
    this.#place = place;
  }

  override eq(other: RemoteCursor): boolean {
    const { id, name } = this.#person;
    return other.#person.id === id && other.#person.name === name && other.#place === this.#place;
  }

  override toDOM(): HTMLElement {
    const cursor = document.createElement("span");
    cursor.className = `remote-cursor ${hueClass(this.#person.id)}`;
    // Whoever listens to the text hears the text; who is here is told beside it.
    cursor.setAttribute("aria-hidden", "true");
    const label = document.createElement("span");
    label.className = "remote-name";
    const name = document.createElement("bdi");
    name.textContent = shownName(this.#person.name);
    label.append(name);
    cursor.append("\u2060", label, "\u2060");
    return cursor;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}
