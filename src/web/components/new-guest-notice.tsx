import { Name } from "../people/name.tsx";
import { Icon } from "./icon.tsx";

/** That one is somebody new here, though by the same name: until it is put away. */
export function NewGuestNotice(props: { readonly name: string; readonly dismiss: () => void }) {
  return (
    <div class="new-guest">
      <p role="alert">
        Your earlier sign-in could not be renewed: you are a new guest now, called{" "}
        <Name of={props.name} />. What you wrote before stays, but it is no longer yours to change.
      </p>
      <button type="button" class="action" aria-label="Dismiss" onClick={props.dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}
