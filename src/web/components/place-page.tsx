import type { Identity } from "../identity/identity.ts";
import type { Places } from "../places/places.ts";
import { NoSuchPlace } from "./no-such-place.tsx";
import { SignIn } from "./sign-in.tsx";
import { useIdentity } from "./use-identity.ts";

/** What is shown of a place to somebody who is signed in. */
export interface PlaceView {
  readonly identity: Identity;
  readonly name: string;
  /** Whether one does less than one could, by the address. */
  readonly isLess: boolean;
  readonly signOut: () => void;
}

/** A page of places: who one is, then the place that the address names. */
export function PlacePage(props: {
  readonly places: Places;
  /** What each of them is, in a word. */
  readonly what: string;
  /** What one is about to do there, such as "Write in". */
  readonly todo: (isLess: boolean) => string;
  /** What this is, in a sentence. */
  readonly about: string;
  readonly view: (view: PlaceView) => ReturnType<typeof SignIn>;
}) {
  const { places, view: View } = props;
  const { identity, lastName, signIn, signOut } = useIdentity();
  const name = places.ofPath(location.pathname);
  if (name === undefined) return <NoSuchPlace places={places} what={props.what} />;
  const isLess = places.isLess(location.search);
  if (identity === undefined) {
    return (
      <SignIn
        title={`${props.todo(isLess)} ${name}`}
        about={props.about}
        page={places.page}
        name={lastName}
        signedIn={signIn}
      />
    );
  }
  return (
    <View key={identity.token} identity={identity} name={name} isLess={isLess} signOut={signOut} />
  );
}
