import { ProtocolError } from "../../protocol/error.ts";
import { refusalOf } from "../../protocol/refusal-of.ts";
import { OTHER_USERS_TOKEN } from "../../protocol/refusals.ts";
import type { AppPorts, Member } from "./ports.ts";
import type { Speaker } from "./speaker.ts";
import type { Answeree } from "./visit.ts";

/** By which token a client is here. */
export class Pass {
  readonly #verify: AppPorts["verify"];
  readonly #speaker: Speaker;
  readonly #renewed: (member: Member) => void;
  #member: Member;

  /** @param renewed called when a newer token counts. */
  constructor(
    member: Member,
    { verify }: Pick<AppPorts, "verify">,
    speaker: Speaker,
    renewed: (member: Member) => void,
  ) {
    this.#member = member;
    this.#verify = verify;
    this.#speaker = speaker;
    this.#renewed = renewed;
  }

  get member(): Member {
    return this.#member;
  }

  /** Goes on by another token, if it is the same user's; else whoever brought it is told, and it is false. */
  async renew(token: string, to: Answeree): Promise<boolean> {
    try {
      const member = await this.#verify(token);
      if (member.userId !== this.#member.userId) throw ProtocolError.of(OTHER_USERS_TOKEN);
      this.#member = member;
      this.#renewed(member);
      return true;
    } catch (error) {
      this.#speaker.refuse(to, refusalOf(error));
      return false;
    }
  }
}
