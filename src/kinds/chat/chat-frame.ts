import type { ClientFrame } from "../../protocol/client-frame.ts";

/** What is said in a chat beside what is said in every room. */
export type ChatFrame = Extract<
  ClientFrame,
  {
    readonly type:
      | "send_message"
      | "edit_message"
      | "delete_message"
      | "react"
      | "typing_start"
      | "typing_end"
      | "read_messages"
      | "publish";
  }
>;
