/** The name, with the character it is written with: an echo. */
export function Brand() {
  return (
    <p class="brand">
      <span class="seal" lang="ja" aria-hidden="true">
        響
      </span>
      Hibiki
    </p>
  );
}
