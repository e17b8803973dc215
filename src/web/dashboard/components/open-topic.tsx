import { EXAMPLE_TOPIC, TOPIC_PARAMETER } from "../topic-address.ts";

/** Goes to another topic: a form as the web has always had them. */
export function OpenTopic() {
  return (
    <form class="open-topic" action="/dashboard" method="get" aria-label="Watch another topic">
      <input
        class="field"
        name={TOPIC_PARAMETER}
        required
        pattern="[A-Za-z0-9._~:\-]{1,122}"
        title="Letters, digits, and . _ ~ : -"
        placeholder={EXAMPLE_TOPIC}
        aria-label="Name of another topic"
        autocapitalize="none"
        autocomplete="off"
      />
      <button type="submit" class="button">
        Watch
      </button>
    </form>
  );
}
