/** The name, and its mark: a sound and its echoes. The style sheet draws it, from the page's icon. */
export function Brand() {
  return (
    <p class="brand">
      <span class="seal" aria-hidden="true" />
      Hibiki
    </p>
  );
}
