import { Brand } from "../../components/brand.tsx";
import { PageLinks } from "../../components/page-links.tsx";
import { FIRST_ARENA, pathOfArena } from "../arena-path.ts";
import { OpenArena } from "./open-arena.tsx";

/** Shown where the address names no arena. */
export function NoArena() {
  return (
    <main class="sign-in">
      <div class="card">
        <Brand />
        <h1>There is no such arena</h1>
        <p>An arena's name has letters, digits, and . _ ~ : - in it, 123 at most.</p>
        <OpenArena />
        <p>
          Or go to <a href={pathOfArena(FIRST_ARENA)}>{FIRST_ARENA}</a>.
        </p>
        <PageLinks current="/game" />
      </div>
    </main>
  );
}
